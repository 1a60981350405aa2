"""`recall serve`: the bot, from its settings to the last job before it ends."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on; 0 for any free one.")] = 8000,
) -> None:
    """Serve the bot: take GitHub's webhooks and comment on escaped bugs. Settings are RECALL_ variables or a .env file."""
    from app.logs import configure
    from app.settings import load

    settings = load()
    configure(settings.log_format, settings.log_level)

    # Only now, since it takes seconds: a mistake in the settings is told at once.
    from app.bootstrap.bot import served
    from app.web.server import serve as run

    bot = served(settings)

    def say(address: str) -> None:
        typer.echo(f"recall takes deliveries at {address}. {bot.about}")

    run(bot, settings.webhook_secrets, host, port, say)
