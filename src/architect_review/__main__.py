"""`python -m architect_review`, for where no console script is installed."""

import sys

from architect_review.cli import main

sys.exit(main())
