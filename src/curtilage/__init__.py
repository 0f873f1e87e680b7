"""Curtilage: a city says what it asks residents and why, and proves that it holds no more.

The rooms of this package and the floors they stand on are described in
``docs/explanation/floorplan.md``. Import the module you need, never this root.
"""

__version__ = "0.1.0"
