/* A kernel that has less than the examples need: maps without a number of entries, no iterator of programs. Its type information is
 * `small.btf`, made with
 *
 *	clang-19 -target bpf -g -O2 -c small.c -o small.o && llvm-objcopy-19 --dump-section .BTF=small.btf small.o
 */
struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	unsigned long long session_id;
	unsigned long long seq_num;
};

struct bpf_map {
	unsigned int id;
	char name[16];
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

struct bpf_iter__bpf_map last;

int bpf_iter_bpf_map(struct bpf_iter_meta *meta, struct bpf_map *map)
{
	last.meta = meta;
	last.map = map;
	return 0;
}
