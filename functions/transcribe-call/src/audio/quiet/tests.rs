use super::*;

/// 100 ms of noise at so many dBFS, the same for the same seed.
fn noise(decibels: f64, seed: u64) -> Vec<i16> {
    // Evenly distributed: the root mean square is the peak divided by the root of 3.
    let peak = 32_768.0 * 10f64.powf(decibels / 20.0) * 3f64.sqrt();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
    };
    (0..800).map(|_| (next() * peak).round() as i16).collect()
}

/// How many of so many tenths of a second at that level count as background.
fn covered(background: &mut Background, decibels: f64, tenths: u64) -> u64 {
    (0..tenths).filter(|seed| background.covers(&noise(decibels, *seed))).count() as u64
}

#[test]
fn speech_stands_out_from_any_background() {
    for (line, speech) in [(-80.0, -45.0), (-60.0, -40.0), (-50.0, -30.0), (-41.0, -25.0)] {
        let background = &mut Background::default();
        assert_eq!(covered(background, line, 20), 20, "a line at {line} dB");
        assert_eq!(covered(background, speech, 20), 0, "speech at {speech} dB over {line} dB");
        assert_eq!(covered(background, line, 20), 20, "a line at {line} dB, again");
    }
}

#[test]
fn somebody_who_speaks_at_once_stands_out_too() {
    assert_eq!(covered(&mut Background::default(), -25.0, 20), 0);
}

#[test]
fn long_speech_does_not_become_background_where_it_pauses() {
    let background = &mut Background::default();
    assert_eq!(covered(background, -55.0, 10), 10);
    for _ in 0..10 {
        assert_eq!(covered(background, -30.0, 90), 0);
        assert_eq!(covered(background, -55.0, 2), 2);
    }
}

#[test]
fn music_never_becomes_background() {
    assert_eq!(covered(&mut Background::default(), -20.0, 3_000), 0);
}

#[test]
fn a_line_that_becomes_noisier_is_background_after_a_while() {
    let background = &mut Background::default();
    covered(background, -65.0, 300);
    let sound = 200 - covered(background, -45.0, 200);
    assert!((120..=180).contains(&sound), "{sound} tenths of a second");
}

#[test]
fn silence_without_samples_is_quiet_and_teaches_nothing() {
    let background = &mut Background::default();
    covered(background, -45.0, 50);
    assert!((0..3_000).all(|_| background.covers(&[0; 800])));
    assert_eq!(covered(background, -45.0, 10), 10, "the line as it was before");
}

#[test]
fn a_piece_too_short_to_judge_teaches_nothing() {
    let background = &mut Background::default();
    covered(background, -45.0, 10);
    assert!(background.covers(&[1; 8]));
    assert_eq!(covered(background, -45.0, 10), 10);
}

#[test]
fn a_short_sound_in_a_quiet_chunk_is_heard() {
    let background = &mut Background::default();
    covered(background, -60.0, 20);
    let mut chunk = noise(-60.0, 1);
    chunk[320..480].copy_from_slice(&noise(-40.0, 2)[..160]);
    assert!(!background.covers(&chunk));
}

#[test]
fn extremes_stay_within_the_type() {
    assert!(!Background::default().covers(&[i16::MIN; 800]));
    assert!(Background::default().covers(&[]));
    assert!(!Background::default().covers(&[i16::MAX]));
}
