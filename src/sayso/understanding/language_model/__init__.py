"""The stage that asks a language model: what it is shown, how it is asked, what is believed, what it may cost."""
