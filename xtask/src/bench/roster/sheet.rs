//! The table: instance, best known, ours, bound, gap, the peer in the same run, ratio.

use super::runs::{Instance, Kind, Run};
use crate::bench::aligned;

/// Lines so far.
#[derive(Default)]
pub struct Sheet(Vec<Vec<String>>);

/// A cost that is a seat's: distances are told in seats where the cost can be negative.
const SEAT: f64 = 100.0;

impl Sheet {
    /// A line for an instance.
    pub fn add(&mut self, instance: &Instance, ours: &[Run], peer: Option<&Run>) {
        let costs: Vec<i64> = ours.iter().filter_map(|run| run.cost).collect();
        let all_legal = costs.len() == ours.len() && !costs.is_empty();
        let mean = costs.iter().sum::<i64>() as f64 / costs.len().max(1) as f64;
        let bound = ours.iter().filter_map(|run| run.bound).max();
        let their = peer.and_then(|run| run.cost);
        let seen = costs.iter().copied().chain(their).min();
        // The best that anybody has: published, else seen in this run.
        let best = instance.best_known.or(seen);
        // Parts of what it is compared with, where that is a cost that nobody avoids; else seats, or the plain number.
        let apart = |cost: f64, from: i64| match instance.kind {
            _ if from > 0 => format!("{:+.2} %", (cost / from as f64 - 1.0) * 100.0),
            Kind::Benchmark => format!("{:+.0}", cost - from as f64),
            Kind::Volunteer => format!("{:+.1} seats", (cost - from as f64) / SEAT),
        };
        let distance = |cost: f64| match (best, instance.kind) {
            (Some(best), Kind::Benchmark) => apart(cost, best),
            (Some(best), Kind::Volunteer) => format!("{:+.2} seats", (cost - best as f64) / SEAT),
            (None, _) => String::new(),
        };
        let least = costs.iter().min();
        let gap = bound.zip(least).map_or_else(String::new, |(bound, &least)| apart(least as f64, bound));
        let text = |value: Option<i64>| value.map_or_else(|| "none".to_owned(), |value| value.to_string());
        let proved = ours.iter().filter(|run| run.proved).count();
        let ratio =
            their.filter(|&cost| cost > 0 && all_legal).map(|cost| format!("{:.3}", mean / cost as f64));
        let line = vec![
            instance.name.clone(),
            instance.best_known.map_or_else(|| format!("({})", text(seen)), |best| best.to_string()),
            if all_legal { format!("{mean:.1}") } else { format!("{} of {} legal", costs.len(), ours.len()) },
            text(costs.iter().max().copied()),
            if all_legal { distance(mean) } else { String::new() },
            text(bound),
            gap,
            format!("{proved}/{}", ours.len()),
            format!("{:.1}", ours.iter().map(|run| run.seconds).sum::<f64>() / ours.len().max(1) as f64),
            peer.map_or_else(String::new, |run| format!("{} ({})", text(run.cost), text(run.bound))),
            ratio.unwrap_or_default(),
        ];
        println!("   {}", line.join(" | "));
        self.0.push(line);
    }

    /// The table as text.
    pub fn text(&self) -> String {
        let head = [
            "instance",
            "best known",
            "ours, mean",
            "worst",
            "distance",
            "bound",
            "gap",
            "proved",
            "s",
            "CP-SAT (bound)",
            "ratio",
        ];
        let head = head.map(str::to_owned).to_vec();
        aligned(&std::iter::once(head).chain(self.0.iter().cloned()).collect::<Vec<_>>())
    }
}
