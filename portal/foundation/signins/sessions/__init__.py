"""Sessions (登录会话): who is signed in, where and for how long. No row, no session."""
