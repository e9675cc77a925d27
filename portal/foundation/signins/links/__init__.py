"""Links by e-mail (登录链接): an invitation, or a way back in; each good once and for a while."""
