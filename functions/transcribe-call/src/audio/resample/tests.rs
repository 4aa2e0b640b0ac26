use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;

fn doubled(samples: &[i16]) -> Vec<i16> {
    let mut out = vec![0; 2 * samples.len()];
    Upsampler::default().double(samples, &mut out);
    out
}

fn tone(hertz: f64, rate: f64, count: usize) -> Vec<f64> {
    (0..count).map(|n| 10_000.0 * (TAU * hertz * n as f64 / rate).sin()).collect()
}

#[test]
fn a_tone_stays_the_same_tone_a_millisecond_later() {
    for hertz in [100.0, 440.0, 1_000.0, 2_000.0, 3_000.0, 3_400.0] {
        let input: Vec<i16> = tone(hertz, 8_000.0, 800).iter().map(|sample| sample.round() as i16).collect();
        let output = doubled(&input);
        let ideal = tone(hertz, 16_000.0, 1_600);
        for (index, expected) in ideal[32..1_500].iter().enumerate() {
            let (got, place) = (f64::from(output[32 + index + 16]), index + 32);
            assert!((got - expected).abs() < 150.0, "{hertz} Hz, sample {place}: {got}, not {expected}");
        }
    }
}

#[test]
fn steady_samples_stay_what_they_are() {
    for value in [0, 1, -1, 12_345, i16::MAX, i16::MIN] {
        assert!(doubled(&[value; 100])[32..].iter().all(|sample| *sample == value), "{value}");
    }
}

#[test]
fn the_loudest_samples_do_not_wrap_around() {
    let square: Vec<i16> = (0..400).map(|n| if n % 20 < 10 { i16::MAX } else { i16::MIN }).collect();
    let output = doubled(&square);
    // Between two equal samples there is nothing of the other sign.
    for (pair, between) in
        output[40..].windows(3).step_by(2).map(|window| ((window[0], window[2]), window[1]))
    {
        if pair.0 == pair.1 {
            assert_eq!(pair.0.signum(), between.signum());
        }
    }
}

proptest! {
    #[test]
    fn pieces_make_no_difference(samples in proptest::collection::vec(any::<i16>(), 0..500), piece in 1..100usize) {
        let mut upsampler = Upsampler::default();
        let mut pieces = Vec::new();
        for piece in samples.chunks(piece) {
            let mut out = vec![0; 2 * piece.len()];
            upsampler.double(piece, &mut out);
            pieces.extend(out);
        }
        prop_assert_eq!(pieces, doubled(&samples));
    }
}
