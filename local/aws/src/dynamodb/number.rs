//! Numbers as DynamoDB keeps them: exact decimals of up to 38 digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most digits that a number can have, from the first to the last that is not zero.
const MOST_DIGITS: u32 = 38;

/// The exponents that the first digit can have: 1E-130 to 9.9…E+125.
const MAGNITUDES: std::ops::RangeInclusive<i32> = -130..=125;

/// `mantissa` × 10^`exponent`. Kept without trailing zeros in the mantissa, so equal numbers are equal in both parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    mantissa: i128,
    exponent: i32,
}

impl Number {
    fn new(mut mantissa: i128, mut exponent: i32) -> Result<Number, String> {
        if mantissa == 0 {
            return Ok(Number { mantissa, exponent: 0 });
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent = exponent.saturating_add(1);
        }
        let number = Number { mantissa, exponent };
        if number.digits() > MOST_DIGITS {
            return Err("Attempting to store more than 38 significant digits in a Number".to_owned());
        }
        if !MAGNITUDES.contains(&number.magnitude()) {
            let message =
                "Number overflow or underflow. Attempting to store a number whose magnitude is not supported";
            return Err(message.to_owned());
        }
        Ok(number)
    }

    /// How many digits the mantissa has. Zero has none.
    fn digits(self) -> u32 {
        self.mantissa.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1)
    }

    /// How many bytes it takes: one for two digits, one more, and one for a minus sign.
    pub(super) fn size(self) -> usize {
        self.digits().div_ceil(2) as usize + 1 + usize::from(self.mantissa < 0)
    }

    /// The exponent of the first digit.
    fn magnitude(self) -> i32 {
        self.exponent.saturating_add_unsigned(self.digits()).saturating_sub(1)
    }

    /// The sum, exact.
    pub(super) fn plus(self, other: Number) -> Result<Number, String> {
        let exponent = self.exponent.min(other.exponent);
        let sum = self.scaled_to(exponent).zip(other.scaled_to(exponent)).and_then(|(a, b)| a.checked_add(b));
        let sum = sum.ok_or("Attempting to store more than 38 significant digits in a Number")?;
        Number::new(sum, exponent)
    }

    /// The same with the opposite sign.
    pub(super) fn negated(self) -> Number {
        Number { mantissa: -self.mantissa, ..self }
    }

    /// The mantissa at this exponent, which is not above the own one.
    fn scaled_to(self, exponent: i32) -> Option<i128> {
        10_i128.checked_pow(self.exponent.abs_diff(exponent))?.checked_mul(self.mantissa)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_sign = self.mantissa.signum().cmp(&other.mantissa.signum());
        by_sign.then_with(|| {
            let (exponent, negative) = (self.exponent.min(other.exponent), self.mantissa < 0);
            let by_magnitude = self.magnitude().cmp(&other.magnitude());
            let by_magnitude = if negative { by_magnitude.reverse() } else { by_magnitude };
            // At the same magnitude, both have 38 digits at most at the smaller exponent: nothing overflows.
            by_magnitude.then_with(|| self.scaled_to(exponent).cmp(&other.scaled_to(exponent)))
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Number {
    type Err = String;

    /// Reads `-12.5`, `.5`, `1e3`.
    fn from_str(text: &str) -> Result<Number, String> {
        let malformed = || "The parameter cannot be converted to a numeric value".to_owned();
        let (significand, exponent) = match text.split_once(['e', 'E']) {
            Some((significand, exponent)) => (significand, exponent.parse::<i32>().map_err(|_| malformed())?),
            None => (text, 0),
        };
        let (negative, digits) = match significand.strip_prefix(['-', '+']) {
            Some(digits) => (significand.starts_with('-'), digits),
            None => (false, significand),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(malformed());
        }
        // Zeros at either end carry no digits; without them, what is too long to parse is too long to keep.
        let kept = all.trim_end_matches('0');
        let dropped = all.len() - kept.len();
        let kept = kept.trim_start_matches('0');
        let mantissa = match kept {
            "" => 0,
            kept => kept
                .parse::<i128>()
                .map_err(|_| "Attempting to store more than 38 significant digits in a Number".to_owned())?,
        };
        let places = i64::from(exponent) - fraction.len() as i64 + dropped as i64;
        let exponent = i32::try_from(places).map_err(|_| malformed())?;
        Number::new(if negative { -mantissa } else { mantissa }, exponent)
    }
}

impl fmt::Display for Number {
    /// Plain digits where they stay readable, otherwise like `1E-130`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        let point = self.exponent.saturating_add_unsigned(digits.len() as u32);
        match usize::try_from(self.exponent) {
            Ok(zeros) if point <= 40 => write!(f, "{sign}{digits}{}", "0".repeat(zeros)),
            Ok(_) => write!(f, "{sign}{digits}E+{}", self.exponent),
            Err(_) if point < -40 => write!(f, "{sign}{digits}E{}", self.exponent),
            Err(_) => match usize::try_from(point) {
                Ok(point) if point > 0 => write!(f, "{sign}{}.{}", &digits[..point], &digits[point..]),
                _ => write!(f, "{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
            },
        }
    }
}

impl Serialize for Number {
    /// Numbers travel as strings, so that no client rounds them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn writes_what_it_reads_in_one_way() {
        for (given, written) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("007", "7"),
            ("+1500", "1500"),
            ("1.50", "1.5"),
            ("-.5", "-0.5"),
            ("-0.005", "-0.005"),
            ("12.5e-1", "1.25"),
            ("1E3", "1000"),
            ("1e-130", "1E-130"),
            ("9e125", "9E+125"),
            ("1764585296123", "1764585296123"),
        ] {
            assert_eq!(number(given).to_string(), written, "{given}");
        }
    }

    #[test]
    fn refuses_what_is_no_number_or_too_long() {
        for text in
            ["", "-", ".", "1.2.3", "0x10", "1e", "NaN", " 1", "१", "1e126", "1e-131", "1e99999999999"]
        {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
        assert!("9".repeat(38).parse::<Number>().is_ok());
        assert!("9".repeat(39).parse::<Number>().is_err());
    }

    #[test]
    fn adds_exactly() {
        assert_eq!(number("0.1").plus(number("0.2")), Ok(number("0.3")));
        assert_eq!(number("1").plus(number("1").negated()), Ok(number("0")));
        assert_eq!(number("999").plus(number("1")), Ok(number("1000")));
        assert!(number("1e100").plus(number("1")).is_err(), "would take more than 38 digits");
    }

    #[test]
    fn orders_as_numbers_not_as_text() {
        let ascending =
            ["-1e125", "-10", "-9.5", "-1e-130", "0", "1e-130", "0.5", "2", "10", "10.01", "1e125"];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_machine_integers(a in any::<i64>(), b in any::<i64>(), places in 0_i32..20) {
            let scaled = |value: i64| number(&format!("{value}e-{places}"));
            prop_assert_eq!(scaled(a).cmp(&scaled(b)), a.cmp(&b));
            prop_assert_eq!(number(&scaled(a).to_string()), scaled(a));
            let sum = number(&a.to_string()).plus(number(&b.to_string())).unwrap().to_string();
            prop_assert_eq!(sum, (i128::from(a) + i128::from(b)).to_string());
        }
    }
}
