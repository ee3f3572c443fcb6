"""What is done about an incident, and whom one asks to come."""

from operations.response.models.assistance import Asked, AssistanceCall, Desk
from operations.response.models.procedures import Procedure, ProcedureVersion, Step
from operations.response.models.responses import Handover, Response, Task

__all__ = ["Asked", "AssistanceCall", "Desk", "Handover", "Procedure", "ProcedureVersion", "Response", "Step", "Task"]
