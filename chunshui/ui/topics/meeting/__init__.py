"""The page 会议快照, and 加入会议材料 on the others."""
