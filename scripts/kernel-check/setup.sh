#!/bin/bash
# Prepares everything that check.sh needs, from nothing, on a Debian bookworm amd64 machine: about 90 s and 1.3 GB for one kernel.
#
#   setup.sh [--rust newest|oldest] [--clippy] [--slim] [TREE...]
#
#   TREE          7.3 (default), 7.2, 6.12: a linux-source-TREE package of Debian
#   --rust        newest (default): rustc-web of bookworm and its updates (1.96 when this was written);
#                 oldest: as released with bookworm, 1.85, the oldest that 7.x takes. Each has a folder of its own.
#   --clippy      clippy, too
#   --slim        keep only what a check reads
#
# Root, and Debian's packages over the machine's own apt (with private lists), are all it needs. It can be run again: what is
# done is not done twice (remove $KB/TREE to prepare a tree anew, $KB/tc for the tools).
#
#   KERNEL_CHECK=DIR  where everything goes (default: ~/.cache/r4l-kernel-check)
#   KSRC_7_3=DIR      use this unpacked source of 7.3 as it is (never written to), likewise KSRC_7_2, KSRC_6_12
#   JOBS=N            parallel jobs (default: number of cores)
#
# What it makes:
#   $KB/tc          rustc + core's sources (bookworm: rustc-web, rust-web-src), libclang 19 (bookworm),
#                   bindgen (trixie, run with trixie's own C library); nothing of this is installed
#   $KB/src/TREE    the kernel source, less what a Rust-only build never reads
#   $KB/TREE        build folder: .config, rust/*.rmeta, rust/lib*.so, check.args
set -euo pipefail
export LC_ALL=C
JOBS=${JOBS:-$(nproc)}
RUST=newest CLIPPY= SLIM= trees=() expect=
for a; do
	if [ "$expect" = rust ]; then RUST=$a expect=; continue; fi
	case $a in
	--rust) expect=rust ;;
	--clippy) CLIPPY=1 ;;
	--slim) SLIM=1 ;;
	-*) sed -n '2,/^set/{/^#/p}' "$0" >&2; exit 2 ;;
	*) trees+=("$a") ;;
	esac
done
[ ${#trees[@]} -gt 0 ] || trees=(7.3)
case $RUST in newest | oldest) ;; *) echo "setup.sh: --rust is newest or oldest, not $RUST" >&2; exit 2 ;; esac
KB=${KERNEL_CHECK:-${XDG_CACHE_HOME:-$HOME/.cache}/r4l-kernel-check}/$RUST
mkdir -p "$KB"
T=$KB/tc
exec 9>"$KB/lock"; flock 9
say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }

todo=()
for k in "${trees[@]}"; do [ -s "$KB/$k/check.args" ] || todo+=("$k"); done
if [ ${#todo[@]} = 0 ] && [ -x "$T/bin/rustc" ] && { [ -z "$CLIPPY" ] || [ -x "$T/bin/clippy-driver" ]; } &&
	[ -z "$SLIM" ]; then
	say "already prepared: ${trees[*]}"; exit 0
fi

# --- 1. the machine's own packages: only what is missing -------------------------------------------
need=()
for p in make gcc libc6-dev binutils flex bison bc libelf-dev xz-utils python3 perl \
	libedit2 libffi8 libxml2 libz3-4 libzstd1 zlib1g libstdc++6; do
	dpkg-query -W -f='${db:Status-Status}\n' "$p" 2>/dev/null | grep -q '^installed' || need+=("$p")
done
fresh=
host_update() { [ -n "$fresh" ] || apt-get -qq -o DPkg::Lock::Timeout=300 update; fresh=1; }
if [ ${#need[@]} -gt 0 ]; then
	say "installing ${need[*]}"
	host_update
	DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y \
		--no-install-recommends "${need[@]}" >/dev/null
fi

# --- 2. a private apt for trixie: same mirror, own lists, no installed packages ---------------------
A=$KB/apt
napt() {	# napt get|cache ARGS...
	local t=$1; shift
	"apt-$t" -o Dir::Etc::sourcelist="$A/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferencesparts="$A/none" \
		-o Dir::State::lists="$A/lists" -o Dir::Cache="$A/cache" -o Dir::State::status=/dev/null \
		-o APT::Sandbox::User=root -o APT::Default-Release= -o Acquire::Languages=none "$@"
}
lists=
newer_lists() {		# once in a run, when something is to be downloaded
	[ -z "$lists" ] || return 0
	mkdir -p "$A/none" "$A/lists/partial" "$A/cache/archives/partial"
	local mirror
	mirror=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
		grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ') || true
	[ -n "$mirror" ] || { echo "setup.sh: no Debian mirror in /etc/apt" >&2; exit 1; }
	local s
	for s in trixie trixie-backports; do
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $s main"
	done > "$A/sources.list"
	napt get -qq update
	lists=1
}

# --- 3. the tools ------------------------------------------------------------------------------------
tools_old=
if [ ${#todo[@]} -gt 0 ] && [ ! -e "$T/done" ]; then tools_old=1; fi
if [ -n "$tools_old" ] || [ ! -x "$T/bin/rustc" ] || { [ -n "$CLIPPY" ] && [ ! -e "$T/bin/clippy-driver" ]; }; then
	say "tools: downloading"
	host_update
	newer_lists
	rm -rf "$T"; mkdir -p "$T/deb" "$T/deb13" "$T/root" "$T/bg" "$T/bin"
	# the versions of rustc-web at hand, oldest first; its library and LLVM by what it depends on
	V=$(apt-cache madison rustc-web | cut -d'|' -f2 | tr -d ' ' | sort -V | uniq |
		if [ "$RUST" = oldest ]; then head -1; else tail -1; fi)
	[ -n "$V" ] || { echo "setup.sh: no package rustc-web: is this bookworm, with its security updates?" >&2; exit 1; }
	std=$(echo "$V" | sed -E 's/^([0-9]+\.[0-9]+)\..*/libstd-rust-web-\1/')
	llvm=$(apt-cache show "$std=$V" | grep -m1 -oE 'libllvm[0-9]+' || true)
	pk=("rustc-web=$V" "libstd-rust-web-dev=$V" "$std=$V" "rust-web-src=$V" $llvm libclang1-19)
	[ -z "$CLIPPY" ] || pk+=("rust-web-clippy=$V")
	[ "$llvm" = libllvm19 ] || pk+=(libllvm19)	# libclang's own
	(cd "$T/deb" && apt-get -qq -o APT::Sandbox::User=root download "${pk[@]}")
	(cd "$T/deb13" && napt get -qq download bindgen/trixie libc6/trixie libgcc-s1/trixie)
	say "tools: unpacking"
	for d in "$T"/deb/*.deb; do
		case $d in
		*/rust-web-src_*) # only the library's sources
			dpkg-deb --fsys-tarfile "$d" | tar -x -C "$T/root" --wildcards './usr/src/*/library' './usr/lib/*' ;;
		*) dpkg-deb -x "$d" "$T/root" ;;
		esac
	done
	for d in "$T"/deb13/*.deb; do dpkg-deb -x "$d" "$T/bg"; done
	rm -rf "$T/deb" "$T/deb13" "$T"/*/usr/share/doc "$T"/*/usr/share/locale
	for x in rustc rustdoc clippy-driver; do
		[ -e "$T/root/usr/bin/$x" ] || continue
		printf '#!/bin/sh\nLD_LIBRARY_PATH=%s/lib/x86_64-linux-gnu exec %s/bin/%s "$@"\n' "$T/root/usr" "$T/root/usr" $x > "$T/bin/$x"
	done
	L=$T/bg/usr/lib/x86_64-linux-gnu
	cat > "$T/bin/bindgen" <<-E
	#!/bin/sh
	LIBCLANG_PATH=$T/root/usr/lib/x86_64-linux-gnu exec $L/ld-linux-x86-64.so.2 \\
		--library-path $L:$T/root/usr/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu $T/bg/usr/bin/bindgen "\$@"
	E
	chmod +x "$T"/bin/*
	"$T/bin/rustc" --version; "$T/bin/bindgen" --version
	[ -e "$("$T/bin/rustc" --print sysroot)/lib/rustlib/src/rust/library/core/src/lib.rs" ]
	V="$V, $("$T/bin/rustc" --version)"
	# metadata is only for the very rustc that made it
	[ "$(cat "$KB/tc.version" 2>/dev/null)" = "$V" ] || rm -f "$KB"/*/check.args
	echo "$V" > "$KB/tc.version"
	touch "$T/done"
fi
export PATH="$T/bin:$PATH"
unset RUSTC RUSTFLAGS MAKEFLAGS KBUILD_OUTPUT CARGO RUSTC_WRAPPER 2>/dev/null || true

# --- 4. the configuration -----------------------------------------------------------------------------
fragment() { cat <<'E'
# base
CONFIG_64BIT=y
CONFIG_SMP=y
CONFIG_EXPERT=y
CONFIG_COMPILE_TEST=y
CONFIG_RUST=y
CONFIG_RUST_OVERFLOW_CHECKS=y
CONFIG_MODULES=y
CONFIG_MODULE_UNLOAD=y
CONFIG_PRINTK=y
CONFIG_BUG=y
CONFIG_JUMP_LABEL=y
CONFIG_IA32_EMULATION=y
CONFIG_SYSFS=y
CONFIG_PROC_FS=y
CONFIG_HIGH_RES_TIMERS=y
CONFIG_PM=y
CONFIG_ACPI=y
CONFIG_OF=y
CONFIG_FTRACE=y
CONFIG_ENABLE_DEFAULT_TRACERS=y
CONFIG_DEBUG_KERNEL=y
CONFIG_KUNIT=y
# kernel::block, configfs, debugfs
CONFIG_BLOCK=y
CONFIG_BLK_DEV=y
CONFIG_CONFIGFS_FS=y
CONFIG_DEBUG_FS=y
# kernel::pci, usb, serdev, i2c
CONFIG_PCI=y
CONFIG_PCI_MSI=y
CONFIG_PCI_IOV=y
CONFIG_USB_SUPPORT=y
CONFIG_USB=y
CONFIG_TTY=y
CONFIG_SERIAL_DEV_BUS=y
CONFIG_RUST_SERIAL_DEV_BUS_ABSTRACTIONS=y
CONFIG_I2C=y
# kernel::net::phy
CONFIG_NET=y
CONFIG_INET=y
CONFIG_NETDEVICES=y
CONFIG_PHYLIB=y
CONFIG_RUST_PHYLIB_ABSTRACTIONS=y
CONFIG_AX88796B_PHY=m
CONFIG_AX88796B_RUST_PHY=y
CONFIG_AMCC_QT2025_PHY=m
# kernel::firmware, fwctl
CONFIG_FW_LOADER=y
CONFIG_RUST_FW_LOADER_ABSTRACTIONS=y
CONFIG_FWCTL=y
CONFIG_RUST_FWCTL_ABSTRACTIONS=y
# kernel::clk, regulator, opp, cpufreq
CONFIG_COMMON_CLK=y
CONFIG_REGULATOR=y
CONFIG_PM_OPP=y
CONFIG_ENERGY_MODEL=y
CONFIG_CPU_FREQ=y
CONFIG_CPUFREQ_DT_RUST=m
# kernel::pwm (its option has no prompt: a driver selects it)
CONFIG_PWM=y
CONFIG_PWM_TH1520=m
# kernel::drm, drm::gem::shmem and drm::gpuvm (selected by Tyr), gpu::buddy, auxiliary (selected by Nova)
CONFIG_DRM=y
CONFIG_DRM_PANIC=y
CONFIG_DRM_PANIC_SCREEN_QR_CODE=y
CONFIG_IOMMU_SUPPORT=y
CONFIG_DRM_TYR=m
CONFIG_DRM_NOVA=m
CONFIG_NOVA_CORE=m
CONFIG_GPU_BUDDY_KUNIT_TEST=y
CONFIG_DRM_KUNIT_TEST=y
# in-tree drivers and samples
CONFIG_BLK_DEV_RUST_NULL=m
CONFIG_ANDROID_BINDER_IPC_RUST=y
CONFIG_RUNTIME_TESTING_MENU=y
CONFIG_FIND_BIT_BENCHMARK_RUST=m
CONFIG_SAMPLES=y
CONFIG_SAMPLES_RUST=y
CONFIG_SAMPLE_RUST_CONFIGFS=m
CONFIG_SAMPLE_RUST_MINIMAL=m
CONFIG_SAMPLE_RUST_MISC_DEVICE=m
CONFIG_SAMPLE_RUST_PRINT=m
CONFIG_SAMPLE_RUST_DMA=m
CONFIG_SAMPLE_RUST_DEBUGFS=m
CONFIG_SAMPLE_RUST_DEBUGFS_SCOPED=m
CONFIG_SAMPLE_RUST_DRIVER_I2C=m
CONFIG_SAMPLE_RUST_I2C_CLIENT=m
CONFIG_SAMPLE_RUST_DRIVER_PCI=m
CONFIG_SAMPLE_RUST_DRIVER_PLATFORM=m
CONFIG_SAMPLE_RUST_DRIVER_USB=m
CONFIG_SAMPLE_RUST_DRIVER_FAUX=m
CONFIG_SAMPLE_RUST_DRIVER_AUXILIARY=m
CONFIG_SAMPLE_RUST_DRIVER_SERDEV=m
CONFIG_SAMPLE_RUST_SOC=m
E
}

# rustc's argument file, out of the command that kbuild ran for one sample module
make_args() {	# make_args OBJDIR
	local O=$1 line a skip=
	line=$(sed -n '1s/^savedcmd_[^ ]* := //p' "$O/samples/rust/.rust_minimal.o.cmd")
	line=${line%% ; *}			# what follows is objtool
	line=${line//\$\$/\$}; line=${line//\\#/#}
	eval "set -- $line"
	: > "$O/check.new"
	for a; do
		if [ -n "$skip" ]; then skip=; continue; fi
		case $a in
		OBJTREE=*|RUST_MODFILE=*|rustc|*/rustc|--emit=*|*.rs|@*) ;;
		--out-dir|--crate-name|-L) skip=1 ;;
		--target=./*) echo "--target=$O/${a#--target=./}" ;;
		*) printf '%s\n' "$a" ;;
		esac >> "$O/check.new"
	done
	printf '%s\n' -L "$O/rust" >> "$O/check.new"
	mv "$O/check.new" "$O/check.args"
}

# --- 5. each tree ---------------------------------------------------------------------------------------
for k in "${trees[@]}"; do
	O=$KB/$k
	if [ -s "$O/check.args" ]; then say "$k: already prepared"; continue; fi
	v=KSRC_${k//./_}; S=${!v:-}
	if [ -z "$S" ]; then
		S=$KB/src/linux-source-$k
		if [ ! -e "$S/.unpacked" ]; then
			newer_lists
			say "$k: downloading the source"
			mkdir -p "$KB/src/deb"; rm -rf "$S"
			(cd "$KB/src/deb" && napt get -qq download "linux-source-$k")
			say "$k: unpacking the source"
			# left out: what neither Kconfig, nor the headers, nor rust/ ever reads
			leave=()
			for x in 'tools/testing/*' 'tools/perf/*' 'drivers/*.c' 'drivers/gpu/drm/amd/include/*' \
				'sound/*.[ch]' 'fs/*.c' 'net/*.c'; do leave+=("--exclude=linux-source-$k/$x"); done
			dpkg-deb --fsys-tarfile "$KB/src/deb/linux-source-$k"_*.deb |
				tar -xO --wildcards './usr/src/*.tar.xz' | xz -dc -T"$JOBS" |
				tar -x -C "$KB/src" --anchored --wildcards --wildcards-match-slash \
				--exclude="*/Documentation/*/*" --exclude='*.dts' --exclude='*.dtsi' \
				"${leave[@]}"
			rm -rf "$KB/src/deb"
			touch "$S/.unpacked"
		fi
	fi
	rm -rf "$O"; mkdir -p "$O"
	fragment > "$O/fragment.config"
	say "$k: configuring"
	mk() { nice make -s -C "$S" O="$O" -j"$JOBS" "$@"; }
	if ! { mk rustavailable && KCONFIG_ALLCONFIG="$O/fragment.config" mk allnoconfig; } > "$O/setup.log" 2>&1; then
		tail -20 "$O/setup.log" >&2; exit 1
	fi
	grep '^CONFIG' "$O/fragment.config" | grep -vxFf "$O/.config" | sed "s/^/       $k has not: /" || true
	grep -qx CONFIG_RUST=y "$O/.config" || { echo "setup.sh: CONFIG_RUST is off for $k" >&2; exit 1; }
	say "$k: building the kernel crate"
	if ! mk prepare samples/rust/rust_minimal.o >> "$O/setup.log" 2>&1; then
		tail -40 "$O/setup.log" >&2; echo "setup.sh: $k failed, see $O/setup.log" >&2; exit 1
	fi
	[ ! -e "$S/.clippy.toml" ] || cp "$S/.clippy.toml" "$O/"
	make_args "$O"
	say "$k: ready, $(du -sh "$O" | cut -f1) in $O"
done
rm -rf "$A"

# --- 6. --slim: keep only what a check reads (a later setup.sh fetches the tools again) ---------------------
if [ -n "$SLIM" ]; then
	for k in "${trees[@]}"; do
		O=$KB/$k
		rm -rf "$O"/rust/{host,helpers,uapi} "$O"/rust/*.o "$O"/rust/bindings "$O"/{tools,arch,kernel,samples} \
			"$O"/include/config "$O"/scripts/*/ "$KB/src/linux-source-$k"
	done
	rm -rf "$T"/{done,bg,bin/bindgen,root/usr/src,root/usr/lib/rustlib,root/usr/bin/rustdoc,bin/rustdoc} \
		"$T"/root/usr/lib/x86_64-linux-gnu/libclang*
	# LLVM 19 was there for libclang, unless rustc itself is made with it
	"$T/bin/rustc" -vV | grep -q '^LLVM version: 19' || rm -f "$T"/root/usr/lib/x86_64-linux-gnu/libLLVM*19*
	say "slim: $(du -shc "$T" "${trees[@]/#/$KB/}" | tail -1 | cut -f1) in all"
fi
say "done"
