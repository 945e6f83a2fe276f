"""The one reader of the environment and of ``.env``."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")  # what the environment says goes before the file
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
