//! Medians, and how far what was measured lies apart.

/// A sorted set of numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(Vec<f64>);

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        Self(numbers)
    }
}

impl Sample {
    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub(crate) fn lowest(&self) -> f64 {
        self.quantile(0.0)
    }

    /// Between the nearest two; not a number when there is none.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else { return f64::NAN };
        let at = last as f64 * part;
        let (low, high) = (self.0[at.floor() as usize], self.0[at.ceil() as usize]);
        low + (high - low) * at.fract()
    }
}

/// The ratios of what was measured in the same turns.
pub(crate) fn ratios(ours: &[f64], theirs: &[f64]) -> Sample {
    ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_numbers() {
        let sample: Sample = [4.0, 1.0, 2.0, 3.0].into_iter().collect();
        assert_eq!(sample.median(), 2.5);
        assert_eq!(sample.lowest(), 1.0);
        assert_eq!(sample.quantile(1.0), 4.0);
        assert!(Sample::default().median().is_nan());
    }
}
