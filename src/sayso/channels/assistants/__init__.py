"""Assistants that post what was said and read the answer in the response: three shapes of the same turn.

`openai`          /v1/chat/completions, for what speaks only that
`ollama`          /api/chat, which Home Assistant's core speaks
`home_assistant`  the integration "webhook-conversation"
"""

from sayso.channels.assistants import ollama_api, openai_api
from sayso.channels.assistants.home_assistant import HomeAssistant
from sayso.channels.contract import Responding

__all__ = ["home_assistant", "ollama", "openai"]

openai: Responding = openai_api.made()
ollama: Responding = ollama_api.made()
home_assistant: Responding = HomeAssistant()
