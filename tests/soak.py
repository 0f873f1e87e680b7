"""How often faults are provoked: a few times in every run, and as often as ``make soak`` says in that one."""

import os

TIMES = int(os.environ.get("SOAK", "5"))
