"""Amazon Alexa custom skills over HTTPS."""
