//! Medians and ratios of what was measured.

/// The value in the middle of `values`; of an even number the mean of the two there.
///
/// # Panics
///
/// If there is none.
pub fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// The value below which `share` (from 0 to 1) of `values` lie.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let sorted = sorted(values);
    let place = share * (sorted.len() - 1) as f64;
    sorted[place.round() as usize]
}

/// The median of the ratios `above[i] / below[i]`. The two of a pair were measured in one round, within
/// microseconds of each other, so a change of the clock rate in between rounds leaves it as it is.
pub fn median_ratio(above: &[f64], below: &[f64]) -> f64 {
    assert_eq!(above.len(), below.len(), "a round measures everybody");
    median(&above.iter().zip(below).map(|(above, below)| above / below).collect::<Vec<_>>())
}

/// By which power of the input a cost grows: the slope of the line through the logarithms of
/// (input, cost) that is nearest to them. 0 is constant, 1 linear.
pub fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let (mean_x, mean_y) =
        logs.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x / count, sum.1 + y / count));
    let (above, below) = logs.iter().fold((0.0, 0.0), |sum, (x, y)| {
        (sum.0 + (x - mean_x) * (y - mean_y), sum.1 + (x - mean_x) * (x - mean_x))
    });
    above / below
}

fn sorted(values: &[f64]) -> Vec<f64> {
    assert!(!values.is_empty(), "nothing was measured");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_value_in_the_middle() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[9.0, 1.0, 5.0, 6.0]), 5.5);
        assert_eq!(median(&[7.0]), 7.0);
    }

    #[test]
    fn an_interrupt_does_not_move_a_median() {
        assert_eq!(median(&[1.0, 1.0, 1.0, 1_000_000.0]), 1.0);
    }

    #[test]
    #[should_panic(expected = "nothing was measured")]
    fn of_nothing_there_is_no_median() {
        median(&[]);
    }

    #[test]
    fn quantiles_are_values_of_the_list() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(quantile(&values, 0.1), 10.0);
        assert_eq!(quantile(&values, 0.9), 90.0);
    }

    #[test]
    fn a_change_of_the_clock_rate_leaves_a_ratio_as_it_is() {
        let (slow, fast) = ([20.0, 20.0, 40.0, 40.0, 40.0], [10.0, 10.0, 20.0, 20.0, 20.0]);
        assert_eq!(median_ratio(&slow, &fast), 2.0);
    }

    #[test]
    #[should_panic(expected = "a round measures everybody")]
    fn ratios_need_the_same_rounds() {
        median_ratio(&[1.0], &[1.0, 2.0]);
    }

    #[test]
    fn exponents_of_known_growth() {
        let grown = |power: f64| -> f64 {
            exponent(&[1.0, 10.0, 100.0].map(|x: f64| (x, 3.0 * x.powf(power))))
        };
        for power in [0.0, 0.5, 1.0, 2.0] {
            assert!((grown(power) - power).abs() < 1e-9);
        }
    }
}
