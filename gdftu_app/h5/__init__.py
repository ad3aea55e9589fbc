"""Member pages (会员页面) for phones: plain HTML, no script, no websocket."""
