use proptest::prelude::*;

use super::*;
use crate::speech::packet::render;

fn heard(rate: u32, samples: &[i16]) -> Vec<Heard> {
    let mut listener = Listener::new(rate);
    let mut heard: Vec<Heard> = samples.iter().filter_map(|&sample| listener.hear(sample)).collect();
    heard.extend(listener.end());
    heard
}

fn packets(heard: &[Heard]) -> Vec<(u16, u16)> {
    heard.iter().map(|heard| (heard.packet.code, heard.packet.index)).collect()
}

/// Twice the sampling rate, by straight lines.
fn doubled(samples: &[i16]) -> Vec<i16> {
    let next = samples.iter().skip(1).chain([&0]);
    samples.iter().zip(next).flat_map(|(&a, &b)| [a, ((i32::from(a) + i32::from(b)) / 2) as i16]).collect()
}

/// Twice the sampling rate, by a windowed sinc: what a good resampler does, ringing included.
fn doubled_by_sinc(samples: &[i16]) -> Vec<i16> {
    const REACH: i64 = 16;
    let at = |index: i64| {
        usize::try_from(index).ok().and_then(|index| samples.get(index)).map_or(0.0, |&s| f64::from(s))
    };
    let between = |index: i64| {
        let taps = (1 - REACH)..=REACH;
        let sum: f64 = taps
            .map(|tap| {
                let x = std::f64::consts::PI * (0.5 - tap as f64);
                let window = (x / (2.0 * REACH as f64)).cos().powi(2);
                at(index + tap) * x.sin() / x * window
            })
            .sum();
        sum.clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
    };
    (0..samples.len() as i64).flat_map(|index| [at(index) as i16, between(index)]).collect()
}

#[test]
fn what_is_rendered_is_heard() {
    for code in [0, 1, 0x0F0F, 0xABCD, u16::MAX] {
        let mut samples = vec![0; 1000];
        samples.extend(render(code, 5));
        samples.extend([0; 200]);
        let heard = heard(8000, &samples);
        assert_eq!(packets(&heard), (0..5).map(|index| (code, index)).collect::<Vec<_>>());
        assert_eq!(heard[0].start, 0.125);
        assert!((heard[4].end - (0.125 + 5.0 * 0.0765)).abs() < 0.001);
    }
}

#[test]
fn another_volume_and_another_rate_change_nothing() {
    let mut samples = vec![0; 37];
    samples.extend(render(0x1234, 20));
    samples.extend([0; 100]);
    let expected: Vec<_> = (0..20).map(|index| (0x1234, index)).collect();
    let quieter: Vec<i16> = samples.iter().map(|sample| sample / 3).collect();
    let louder: Vec<i16> = samples.iter().map(|sample| sample.saturating_mul(4)).collect();
    for (rate, samples) in [
        (8000, quieter),
        (8000, louder),
        (16_000, doubled(&samples)),
        (16_000, doubled_by_sinc(&samples)),
        (32_000, doubled(&doubled_by_sinc(&samples))),
    ] {
        let heard = heard(rate, &samples);
        assert_eq!(packets(&heard), expected, "at {rate}");
        assert!((heard[0].start - 37.0 / 8000.0).abs() < 0.001);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is cut out, and however the rest is joined: no packet is heard that misses more than a fraction of a
    /// millisecond, and every other is, but for one on either side of the cut that may melt into what is left there.
    #[test]
    fn a_cut_costs_the_packets_that_it_goes_through(
        from in 0..10 * PACKET_SAMPLES,
        length in 0usize..3000,
        gap in 0usize..300,
    ) {
        const CODE: u16 = 0x0A55;
        let samples = render(CODE, 10);
        let to = (from + length).min(samples.len());
        let mut rest = samples[..from].to_vec();
        rest.extend(std::iter::repeat_n(0, gap));
        rest.extend(&samples[to..]);
        let missing = |index: u16| {
            let start = usize::from(index) * PACKET_SAMPLES;
            (start + PACKET_SAMPLES).min(to).saturating_sub(start.max(from))
        };
        let heard = packets(&heard(8000, &rest));
        let whole = (0..10).filter(|&index| missing(index) == 0).count();
        prop_assert!(heard.iter().all(|&(code, index)| code == CODE && missing(index) < 6), "{heard:?}");
        prop_assert!(heard.is_sorted() && heard.len() + 2 >= whole, "{heard:?}");
    }

    #[test]
    fn noise_is_not_taken_for_speech(samples in proptest::collection::vec(any::<i16>(), 0..20_000)) {
        prop_assert!(heard(8000, &samples).is_empty());
    }
}
