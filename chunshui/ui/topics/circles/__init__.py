"""十分钟圈 and 覆盖率: `data` asks engine and catalogue, `controls` the reader; `finding` says in words,
`map`, `charts` and `tables` show; `scenario` is 假如, `siting` is 下一处 and 合并.
"""
