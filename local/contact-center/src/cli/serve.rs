//! `serve`: everything stays up, and is invoked from outside.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use super::play::scenarios;
use super::say;
use crate::center::{Center, Options};
use crate::console::Console;
use crate::functions;
use crate::script::{Happening, Told};
use crate::story::{Story, Style};

pub(super) async fn serve(port: u16, console_port: u16) -> anyhow::Result<ExitCode> {
    let center = Arc::new(Center::start(Options { invoke_port: port, ..Options::default() }).await?);
    let console = Console::start(Arc::clone(&center), &scenarios(), console_port).await?;
    say(&where_it_is(&center, &console, Style::of_stdout()));
    say(&how_to_invoke(&center.host().url(), Style::of_stdout()));
    say(&how_to_replay(&center, Style::of_stdout()));
    let (story, began) = (Story::new(Style::of_stdout()), Instant::now());
    center.host().observe(move |invocation| {
        let what = Told::Invoked(Box::new(invocation.clone()));
        say(&story.happening(&Happening { at: began.elapsed(), what }));
    });
    std::future::pending().await
}

/// What the operator's command needs to look at what the functions here gave up.
fn how_to_replay(center: &Center, style: Style) -> String {
    let lambda = ("AWS_ENDPOINT_URL_LAMBDA", center.host().url());
    let variables = center.aws().environment().into_iter().chain([lambda]);
    let variables: String = variables.map(|(name, value)| format!("{name}={value} ")).collect();
    format!(
        "{}\n  {variables}\\\n  cargo run -p callbridge -- replay --queue {}\n\n",
        style.bold("Dead letters"),
        center.dead_letters_url()
    )
}

fn where_it_is(center: &Center, console: &Console, style: Style) -> String {
    format!(
        "\n{}\n  Console, in a browser  {}\n  Lambda's Invoke API    {}\n  Salesforce org         {}\n\n",
        style.bold("The contact center is up. Ctrl-C ends it."),
        console.url(),
        center.host().url(),
        center.org().url()
    )
}

/// Commands that work as they stand, from the workspace's folder.
fn how_to_invoke(invoke_url: &str, style: Style) -> String {
    let port = invoke_url.rsplit(':').next().unwrap_or_default();
    let mut text = String::new();
    for function in functions::ALL {
        let (name, package, event) = (function.name, function.package, function.sample_event);
        text += &format!("{}\n", style.bold(&format!("{package} ({name})")));
        text += &format!(
            "  curl -s {invoke_url}/2015-03-31/functions/{name}/invocations -d @events/{package}/{event}\n"
        );
        text += &format!(
            "  cargo lambda invoke {name} --invoke-address 127.0.0.1 --invoke-port {port} --data-file events/{package}/{event}\n\n"
        );
    }
    text
}
