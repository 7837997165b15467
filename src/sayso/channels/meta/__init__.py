"""What the channels of Meta's platforms share: the door, the Graph API, and the threads of Messenger and Instagram.

A request proves itself by an HMAC of its raw bytes under the app's secret; a webhook is subscribed by echoing a
challenge; calls are JSON to a versioned Graph API, whose errors have the same shape everywhere.
"""
