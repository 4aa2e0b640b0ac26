/// Coefficients of a half-band low-pass, for the sample halfway between the eighth and the ninth of sixteen: a sinc in
/// a Kaiser window (β = 3.5), their sum 2^14, so that no sum leaves 32 bits. Flat within 0.1 dB to 3.4 kHz, where telephone audio ends; what it
/// mirrors from 4.6 kHz up is 60 dB down.
const HALFWAY: [i32; TAPS] =
    [-134, 257, -439, 708, -1117, 1811, -3317, 10_423, 10_423, -3317, 1811, -1117, 708, -439, 257, -134];

const TAPS: usize = 16;

/// Makes 16 kHz of 8 kHz, piece by piece. The output is 8 samples of the input, 1 ms, behind.
#[derive(Debug, Default)]
pub(super) struct Upsampler {
    /// The last samples, the newest last.
    last: [i16; TAPS],
}

impl Upsampler {
    /// Writes two samples for each of these.
    pub(super) fn double(&mut self, samples: &[i16], out: &mut [i16]) {
        let (out, _) = out.as_chunks_mut();
        for (&sample, out) in samples.iter().zip(out) {
            self.last.copy_within(1.., 0);
            self.last[TAPS - 1] = sample;
            *out = [self.last[TAPS / 2 - 1], self.halfway()];
        }
    }

    fn halfway(&self) -> i16 {
        let sum: i32 =
            self.last.iter().zip(HALFWAY).map(|(sample, factor)| i32::from(*sample) * factor).sum();
        // Rounded. Steep edges overshoot.
        ((sum + (1 << 13)) >> 14).clamp(i16::MIN.into(), i16::MAX.into()) as i16
    }
}

#[cfg(test)]
mod tests;
