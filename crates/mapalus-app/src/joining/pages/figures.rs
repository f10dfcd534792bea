//! The figures of a path: how many come to each step, are there, give up, and how long it takes.

use crate::{
    groups,
    joining::{
        actions,
        model::figures::{StepFigures, Walk, Walked},
        queries,
        rules::figures as rules,
    },
    shell::{AppError, Cx, Frame, Lang},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::access::SeeApplications;
use mapalus_db::params;

/// The figures of a group's path.
#[derive(Template)]
#[template(path = "joining/templates/figures.html")]
pub struct FiguresPage {
    f: Frame,
    name: String,
    group_lang: Lang,
    path: String,
    figures: Vec<StepFigures>,
}

impl FiguresPage {
    /// How long a step takes, in words.
    fn takes(&self, step: &StepFigures) -> String {
        step.median_days_tenths.map_or_else(
            || self.f.t("joining-figures-none"),
            |tenths| {
                let days = self.f.t2("joining-tenths", "whole", tenths / 10, "tenths", tenths % 10);
                self.f.t1("joining-figures-days", "days", days.as_str())
            },
        )
    }

    /// How wide the bar of so many is, of 100.
    fn width(&self, count: &i64) -> i64 {
        let most = self.figures.iter().map(|step| step.entered).max().unwrap_or(0).max(1);
        count * 100 / most
    }

    /// Where most give up, in words; empty if nobody does.
    fn leave(&self) -> String {
        rules::where_people_leave(&self.figures).map_or_else(String::new, |step| {
            self.f.t2("joining-figures-leave", "step", step.name.as_str(), "count", step.left)
        })
    }

    /// Samples for the test that renders every page: a path that nobody has walked, and one that many did.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let step = |(place, name, entered, left): (i64, &str, i64, i64)| StepFigures {
            place,
            name: name.to_owned(),
            entered,
            there: 2,
            left,
            median_days_tenths: (entered > 2).then_some(14),
        };
        let steps = [(0, "Ceritakan diri Anda", 40, 3), (1, "Janji relawan", 35, 0), (2, "Keputusan", 2, 0)];
        let page = |figures| Self {
            f: Frame::sample(lang, "Figures", true),
            name: "Relawan Siaga".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            figures,
        };
        vec![page(Vec::new()), page(steps.into_iter().map(step).collect())]
    }
}

pub(in crate::joining) async fn load(
    cx: &Cx,
    group: String,
) -> Result<(groups::Group, Vec<StepFigures>), AppError> {
    cx.read("joining::figures", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<SeeApplications>()?;
        let Some((id, path)) = actions::path::walked(tx, group.id)? else {
            return Ok((group, Vec::new()));
        };
        let of = params![group.id, id, rules::since(cx.now)];
        let walks: Vec<Walk> = tx.all(&queries::figures::WALKS, &of)?;
        let walked: Vec<Walked> = tx.all(&queries::figures::WALKED, &of)?;
        let figures = if walks.is_empty() { Vec::new() } else { rules::figures(&path, &walks, &walked) };
        Ok((group, figures))
    })
    .await
}

/// `GET /groups/{group}/applications/figures`
pub async fn figures(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, figures) = load(&cx, group).await?;
    let f = cx.frame(cx.text("joining-figures-title"));
    let (name, path, group_lang) = (group.name.clone(), group.path(), group.lang);
    cx.html(&FiguresPage { f, name, group_lang, path, figures })
}
