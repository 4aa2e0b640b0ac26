//! scratch
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let report = contact_center::measure::run(contact_center::measure::Options::default()).await?;
    print!("{report}");
    Ok(())
}
