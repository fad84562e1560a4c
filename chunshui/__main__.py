"""`python -m chunshui …`: the command line."""

import sys

from chunshui.cli import main

sys.exit(main())
