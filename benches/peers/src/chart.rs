//! Charts as SVG, on a white ground of their own, so they can be read on light pages and on dark ones.

use std::error::Error;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::groups::growth::{Growth, Line};
use crate::harness::{Measured, Mode};

type Outcome = Result<(), Box<dyn Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const WIDTH: u32 = 820;
const BAR: i32 = 20;
const LEFT: i32 = 250;
const OWN: RGBColor = RGBColor(0, 95, 135);
const OTHER: RGBColor = RGBColor(165, 165, 165);
const COLOURS: [RGBColor; 4] =
    [OWN, RGBColor(200, 90, 20), RGBColor(110, 110, 110), RGBColor(60, 140, 60)];

/// One panel a group: a bar a contender, with how many times longer it takes than Tollgate, and
/// nanoseconds.
pub fn bars(file: &Path, title: &str, groups: &[&Measured], mode: Mode) -> Outcome {
    let rows: Vec<_> = groups.iter().map(|group| group.rows(mode)).collect();
    let height: i32 = 50 + rows.iter().map(|rows| 40 + BAR * rows.len() as i32).sum::<i32>();
    let root = SVGBackend::new(file, (WIDTH, height as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    let write = |text: &str, at: (i32, i32), size: i32, right: bool| {
        let place = Pos::new(if right { HPos::Right } else { HPos::Left }, VPos::Center);
        let style = ("sans-serif", size).into_font().color(&BLACK).pos(place);
        root.draw(&Text::new(text.to_owned(), at, style))
    };
    write(title, (16, 24), 17, false)?;
    let mut y = 50;
    for (group, rows) in groups.iter().zip(&rows) {
        write(&format!("{}, {} (ns)", group.name, mode.name()), (16, y + 8), 14, false)?;
        y += 24;
        let longest = rows.iter().map(|row| row.ns).fold(0.0, f64::max);
        for row in rows {
            let length = (row.ns / longest * 400.0) as i32;
            let colour = if row.name.starts_with("Tollgate") { OWN } else { OTHER };
            let bar = [(LEFT, y), (LEFT + length.max(1), y + BAR - 5)];
            root.draw(&Rectangle::new(bar, colour.filled()))?;
            let middle = y + (BAR - 5) / 2;
            write(&row.name, (LEFT - 8, middle), 12, true)?;
            let text = format!("{:.2}x  {:.1} ns", row.ratio, row.ns);
            write(&text, (LEFT + length + 8, middle), 12, false)?;
            y += BAR;
        }
        y += 16;
    }
    root.present()?;
    Ok(())
}

/// How a cost grows: both axes logarithmic, so that what is proportional rises one decade a decade.
pub fn growth(file: &Path, growth: &Growth) -> Outcome {
    let title = format!("How cost grows: {}", growth.input);
    let shown = |line: &Line| -> Vec<(f64, f64)> {
        line.points.iter().filter(|(x, _)| *x > 0).map(|(x, ns)| (*x as f64, *ns)).collect()
    };
    let lines: Vec<(String, Vec<(f64, f64)>)> =
        growth.lines.iter().map(|line| (line.name.clone(), shown(line))).collect();
    curves(file, &title, growth.input, "nanoseconds a call", &lines)
}

/// Lines over logarithmic axes, with a legend.
fn curves(
    file: &Path,
    title: &str,
    below: &str,
    beside: &str,
    lines: &[(String, Vec<(f64, f64)>)],
) -> Outcome {
    let root: Area<'_> = SVGBackend::new(file, (WIDTH, 460)).into_drawing_area();
    root.fill(&WHITE)?;
    let all = || lines.iter().flat_map(|(_, points)| points);
    let span = |of: fn(&(f64, f64)) -> f64| {
        all().map(of).fold((f64::MAX, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ((left, right), (low, high)) = (span(|point| point.0), span(|point| point.1));
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 17))
        .margin(16)
        .margin_right(36)
        .x_label_area_size(44)
        .y_label_area_size(70)
        .build_cartesian_2d((left..right).log_scale(), (low / 2.0..high * 2.0).log_scale())?;
    let number = |value: &f64| format!("{value}");
    chart
        .configure_mesh()
        .x_desc(below)
        .y_desc(beside)
        .x_label_formatter(&number)
        .y_label_formatter(&number)
        .max_light_lines(0)
        .bold_line_style(RGBColor(225, 225, 225))
        .label_style(("sans-serif", 12))
        .draw()?;
    for ((name, points), colour) in lines.iter().zip(COLOURS.into_iter().cycle()) {
        chart
            .draw_series(
                LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3),
            )?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.9))
        .border_style(RGBColor(200, 200, 200))
        .label_font(("sans-serif", 12))
        .draw()?;
    root.present()?;
    Ok(())
}

/// Requests a second by number of threads.
pub fn threads(file: &Path, rates: &[(usize, f64)]) -> Outcome {
    let points = rates.iter().map(|(threads, rate)| (*threads as f64, *rate)).collect();
    let lines = [(String::from("Tollgate, request"), points)];
    curves(
        file,
        "How throughput grows: threads",
        "threads, each on its own processor",
        "requests a second",
        &lines,
    )
}
