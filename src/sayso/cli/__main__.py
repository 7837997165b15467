"""`python -m sayso.cli`, for where the command is not on the path."""

from sayso.cli import main

main()
