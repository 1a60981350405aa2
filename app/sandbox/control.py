"""What a test or a curious person can ask of the sandbox itself over HTTP, beside GitHub's own addresses: faults and state."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from app.sandbox.api import HubOf, Json
from app.sandbox.refusals import Refused

router = APIRouter(prefix="/_sandbox")


@router.get("/faults")
def faults(hub: HubOf) -> list[dict[str, Any]]:
    """The faults in force."""
    return [asdict(fault) for fault in hub.faults.listed()]


@router.post("/faults", status_code=201)
def add_fault(hub: HubOf, body: Json) -> dict[str, Any]:
    """Puts a fault in force: `{"trouble": "server-error-after", "method": "POST", "path": "*/comments"}`."""
    try:
        return asdict(hub.faults.add(**body))
    except (TypeError, ValueError) as error:
        raise Refused(422, f"There is no such fault: {error}") from None


@router.delete("/faults", status_code=204)
def clear_faults(hub: HubOf) -> None:
    """All is well again."""
    hub.faults.clear()


@router.get("/deliveries")
def deliveries(hub: HubOf) -> list[dict[str, Any]]:
    """The webhook deliveries of all Apps, oldest first."""
    return [
        {"guid": one.guid, "event": one.event, "action": one.action, "status": one.status, "redelivery": one.redelivery}
        for one in list(hub.webhooks.log)
    ]
