"""One audit as one folder: its files have agreed names, and each step reads them and writes more.

start_audit("quarterly-conference-plan", "2026Q4", whose="Sampleton Partnership")
next_step("quarterly-conference-plan-2026Q4").now    # what the person does now
"""

from scr_audit.audit_folder.beginning import start_audit
from scr_audit.audit_folder.folder import AuditFolder
from scr_audit.audit_folder.steps import StepState, next_step, status

__all__ = ["AuditFolder", "StepState", "next_step", "start_audit", "status"]
