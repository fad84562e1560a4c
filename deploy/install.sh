#!/bin/sh
# 在没有网络的机器上安装春水：sh install.sh 安装文件夹
# 核对全部文件的校验值，在安装文件夹里建立虚拟环境，只用随包带来的软件包。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-}
[ -n "$target" ] || { echo "用法：sh install.sh 安装文件夹，例如 sh install.sh /opt/chunshui"; exit 2; }
wheels=$here/wheels/$(uname -m)
[ -d "$wheels" ] || { echo "这个安装包没有 $(uname -m) 处理器的软件包，只有：$(ls "$here/wheels" | tr '\n' ' ')"; exit 1; }
needed=$(cat "$here/PYTHON")
python=${PYTHON:-python$needed}
found=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))' 2>/dev/null || echo "没有")
[ "$found" = "$needed" ] || { echo "需要 Python $needed（找到：$found）；可用 PYTHON=/路径/python$needed sh install.sh … 指定。"; exit 1; }
echo "核对校验值……"
(cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) \
  || { echo "安装包有文件损坏或被改动（见上面列出的文件），没有安装。请重新拷贝。"; exit 1; }
mkdir -p "$target"
cp -R "$here/project/." "$target/"  # 已有的 data 文件夹不动
"$python" -m venv "$target/.venv" || { echo "建不成虚拟环境；Debian、Ubuntu 请先装 python3-venv。"; exit 1; }
"$target/.venv/bin/python" -m pip install --disable-pip-version-check --quiet \
  --no-index --find-links "$wheels" -r "$target/requirements.txt" -c "$target/constraints.txt"
echo "已安装。打开看板：cd $target && .venv/bin/python -m chunshui run"
