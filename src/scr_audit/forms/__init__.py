"""The auditor's form: questions that rules need, as a workbook, and the answers read back.

form = new_form(load_pack(), kind="case")
Path("form.xlsx").write_bytes(form.data)
read_form(Path("form.xlsx"), load_pack()).record    # once it is filled
"""

from typing import TYPE_CHECKING

from scr_audit._lazy import lazy_exports

if TYPE_CHECKING:
    from scr_audit.forms.blank_form import NewForm, new_form
    from scr_audit.forms.filled_form import (
        FormsError,
        ReadForm,
        identifying_cells,
        read_form,
        read_forms,
    )
    from scr_audit.workbooks.cells import FormError

__all__ = [
    "FormError",
    "FormsError",
    "NewForm",
    "ReadForm",
    "identifying_cells",
    "new_form",
    "read_form",
    "read_forms",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "blank_form": "NewForm new_form",
        "filled_form": "FormError FormsError ReadForm identifying_cells read_form read_forms",
    },
)
