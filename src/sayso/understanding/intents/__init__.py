"""Which intent a sentence is: samples, views of them, what is fitted to a merchant and how it is believed."""
