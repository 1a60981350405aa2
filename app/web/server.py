"""Runs the site until it is told to stop: binds first, so that a taken port is a sentence, and drains before it ends."""

import os
import signal
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import FrameType
from typing import Protocol

import uvicorn

from app.domain.delivery import Delivery
from app.domain.errors import TellUser
from app.web.escapes import escapes
from app.web.maps import Desk
from app.web.site import create_site
from app.web.webhook import PATH, Webhook
from app.workflows.ports import Gate

_BACKLOG = 1024


class Served(Protocol):
    """What is served: `app.bootstrap.bot.Bot`."""

    @property
    def gate(self) -> Gate | None:
        """What sends and asks for test maps; None where none are kept."""

    def take(self, delivery: Delivery, /) -> "Future[int] | None":
        """Keeps a delivery."""

    def start(self) -> None:
        """Begins to work."""

    def ready(self) -> bool:
        """Whether deliveries can be kept and jobs be done."""

    def stop(self) -> bool:
        """Ends; False if something is still running and has to be left behind."""


def serve(bot: Served, secrets: Sequence[str], host: str, port: int, say: Callable[[str], None]) -> None:
    """Serves until SIGTERM or Ctrl-C. `say` gets the address once deliveries are taken. Raises `TellUser` for a taken port.

    Returns when all running jobs have ended; if some have not in the time they are given, ends the process at once, since
    they go on at the next start from their last step.
    """
    left: list[bool] = []
    listener = _listen(host, port)
    try:
        bot.start()
        routers = (Desk(bot.gate).routes(), escapes(bot.gate)) if bot.gate else ()
        site = Webhook(create_site(bot.ready, lambda: left.append(not bot.stop()), *routers), secrets, bot.take)
        server = uvicorn.Server(uvicorn.Config(site, log_config=None, access_log=False, server_header=False, lifespan="on"))
        # uvicorn ends well on these and then raises them again, which would end the process with an error.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)
        say(f"http://{_shown(host)}:{listener.getsockname()[1]}{PATH}")
        server.run(sockets=[listener])
    finally:
        listener.close()
    if any(left):
        os._exit(0)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise TellUser(f"Cannot listen on {host} port {port} ({error.strerror}). Choose others with --host and --port.") from None
    return listener


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Leaves the signal to uvicorn."""
