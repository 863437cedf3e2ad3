"""The auditor's form: questions that rules need, as a workbook, and the answers read back."""
