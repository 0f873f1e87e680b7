"""``python -m curtilage`` is the same as the command ``curtilage``."""

from curtilage.cli.main import main

main()
