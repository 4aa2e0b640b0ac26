//! Brings what is far apart closer together: the flow designer's canvas has room that a page does not have.

/// These coordinates with no gap between neighbors wider than `gap`. Their order stays, and so do gaps that are narrower.
pub(super) fn squeezed(coordinates: &[f64], gap: f64) -> Vec<f64> {
    let mut sorted = coordinates.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut end = sorted.first().copied().unwrap_or_default();
    let mut closer: Vec<f64> = Vec::with_capacity(sorted.len());
    for (index, at) in sorted.iter().enumerate() {
        let before = index.checked_sub(1).map_or(*at, |before| sorted[before]);
        end += (at - before).min(gap);
        closer.push(end);
    }
    let place = |at: &f64| sorted.partition_point(|other| other.total_cmp(at).is_lt());
    coordinates.iter().map(|at| closer[place(at)]).collect()
}

#[cfg(test)]
mod tests {
    use super::squeezed;

    #[test]
    fn wide_gaps_become_narrow_and_order_and_narrow_gaps_stay() {
        assert_eq!(squeezed(&[900.0, 100.0, 130.0, 900.0], 50.0), [180.0, 100.0, 130.0, 180.0]);
        assert_eq!(squeezed(&[-300.0, 0.0, -290.0], 50.0), [-300.0, -240.0, -290.0]);
        assert!(squeezed(&[], 50.0).is_empty());
    }
}
