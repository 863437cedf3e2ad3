"""`python -m scr_audit` is the command line."""

from scr_audit.cli import main

main()
