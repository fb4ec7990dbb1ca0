"""The form that takes a ledger in."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import PortalForm, PortalFormHelper


class ImportForm(PortalForm):
    ledger = forms.FileField(
        label="台账文件",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text="XLSX或CSV，列名与模板相同，最多10,000行。先检查，没有问题再导入。",
        error_messages={"required": "请选择台账文件。", "empty": "这个文件是空的。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="检查文件")
