"""The words about slots: days and times, people, places, and what a manifest's samples teach."""
