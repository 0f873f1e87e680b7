/* Shapes: automata read on from where an identifier may begin, one alone or several as one. */
#ifndef CURTILAGE_KERNEL_SHAPES_H
#define CURTILAGE_KERNEL_SHAPES_H

#include "kernel_phrases.h"

/* Whether an identifier may end here: no word and no number goes on. */
static inline bool may_end(const uint8_t *text, int64_t at, int64_t end) {
    if (at >= end) return true;
    const int kinds = KINDS[text[at]];
    if (kinds & (LETTER | DIGIT | ABOVE) && !(kinds & IDEOGRAPH)) return false;
    return !(kinds & GLUE && at + 1 < end && is_digit(text[at + 1]));
}

/* A bit for each automaton with a shape that begins with these two bytes, and with so many letters, or
 * digits, and then what follows them. Most words before a number are told apart from identifiers here. */
static inline uint64_t may_fit(const Scan *scan, int block, int bit, int64_t at, int64_t end, uint64_t wanted) {
    const Program *program = scan->program;
    const uint8_t *classes = TABLE(program, uint8_t, classes);
    const uint8_t second = at + 1 < end ? classes[scan->text[at + 1]] : NO_MORE;
    wanted &= TABLE(program, uint64_t, heads)[classes[scan->text[at]] * program->width + second];
    if (!wanted) return 0;
    const Block *masks = &scan->block[block];
    const bool digits = masks->digit >> bit & 1;
    uint64_t one = digits ? masks[0].digit : masks[0].word & ~masks[0].digit & ~masks[0].high;
    uint64_t two = digits ? masks[1].digit : masks[1].word & ~masks[1].digit & ~masks[1].high;
    uint64_t run = from(one, two, bit) & (from(scan->goes_on[block], scan->goes_on[block + 1], bit) | 1);
    uint32_t size = ~run ? (uint32_t)__builtin_ctzll(~run) : 64;
    if (size > LONGEST_RUN) return wanted;
    const uint8_t *kinds = TABLE(program, uint8_t, kinds), *behind_run = scan->text + at + size;
    const uint32_t first = at + size < end ? kinds[behind_run[0]] : NO_MORE, next = at + size + 1 < end ? kinds[behind_run[1]] : NO_MORE;
    return wanted & TABLE(program, uint64_t, runs)[(((uint32_t)digits * (LONGEST_RUN + 1) + size) * RUN_KINDS + first) * RUN_KINDS + next];
}

/* The rules of an accepting state that may count, in the order of the program, which is that of judging: those
 * that are free, or all, where the number, twice that of the state, is odd. Listed when they are first asked for. */
static List list_of(const Scan *scan, uint32_t number) {
    List *list = scan->lists + number;
    if (list->from) return *list;
    const uint32_t *accepts = TABLE(scan->program, uint32_t, accepts) + number / 2;
    const uint16_t *accepted = TABLE(scan->program, uint16_t, accepted);
    const Standing least = number % 2 ? NEEDY : FREE;
    list->from = 1 + accepts[0] + accepts[number % 2]; /* each state has room for its rules twice; place 0 is of none */
    for (uint32_t i = accepts[0]; i < accepts[1]; i++)
        if (scan->standing[accepted[i]] >= least) scan->listed[list->from + list->count++] = accepted[i];
    return *list;
}

/* The place in a list of rules, from one on, of the first that may count in a cell: that needs nothing, or
 * of which something speaks there. */
static inline uint32_t next_in(const Scan *scan, List list, uint32_t next, int64_t cell) {
    const Says *says = says_of(scan, cell);
    for (; next < list.count; next++) {
        const uint32_t rule = scan->listed[list.from + next];
        if (scan->standing[rule] == FREE || has_any(scan->needs + rule, says)) break;
    }
    return next;
}

/* Notes that shapes which began at `at` end here, in an accepting state: its rules are judged in their turn. */
static inline void note_end(Scan *scan, uint32_t accept, int64_t cell, int64_t at, int64_t end) {
    const uint32_t number = 2 * accept + scan->all;
    const List list = list_of(scan, number);
    const uint32_t next = next_in(scan, list, 0, cell);
    if (next == list.count) return;
    const uint32_t rank = TABLE(scan->program, Rule, rule_table)[scan->listed[list.from + next]].rank;
    note_hit(scan, scan->found + BY_SHAPE, (Note){at, end, (uint32_t)cell, number, rank, next});
}

/* Reads on from `at` with one automaton. */
static void run_one(Scan *scan, uint32_t number, int64_t cell, int64_t at, int64_t end) {
    const Program *program = scan->program;
    const Automaton *automaton = TABLE(program, Automaton, automaton) + number;
    const uint16_t *states = TABLE(program, uint16_t, states) + automaton->table;
    const uint8_t *bytes = TABLE(program, uint8_t, bytes) + 256 * number, *text = scan->text;
    const uint32_t shift = automaton->shift, accepting = automaton->accepting;
    uint32_t state = 1;
    for (int64_t place = at; place < end;) {
        state = states[(state << shift) + bytes[text[place]]];
        if (!state) break;
        place++;
        if (state >= accepting && may_end(text, place, end)) note_end(scan, state - accepting + automaton->accepts, cell, at, place);
    }
}

/* --- Several automata at once ------------------------------------------------------------------------ */

/* Automata that may all fit are run as one, whose states are the combinations of theirs that were met:
 * each is made when it is met first, and all are forgotten when there is no more room. A state is a row
 * of numbers: what it accepts, then the row of the next state by the class of the next byte (0 where it
 * was not met yet), then its parts, one for each automaton that still goes on. */

static void forget_states(Joint *joint) {
    joint->size = ROW_DEAD + 1; /* no row begins with the first numbers: they mean something else */
    joint->states = joint->parts_size = joint->ends_size = joint->rules_size = joint->accepts_size = 0;
    joint->read = 0;
    memset(joint->slots, 0, sizeof joint->slots);
    memset(joint->starts, 0, sizeof joint->starts);
}

static Joint *make_joint(Scan *scan) {
    const uint32_t stride = scan->program->width + 1;
    Joint *joint = malloc(sizeof *joint + (size_t)JOINT_STATES * stride * sizeof(uint32_t) + 2 * sizeof(uint32_t));
    if (!joint) {
        scan->failed = true;
        return NULL;
    }
    joint->stride = stride;
    joint->off = false;
    forget_states(joint);
    return scan->joint = joint;
}

/* Lists the rules of all parts that accept, by rank. False where there is no room. */
static bool join_rules(const Scan *scan, Joint *joint, List ends) {
    const Rule *table = TABLE(scan->program, Rule, rule_table);
    List made = {joint->rules_size, 0};
    uint16_t *rules = joint->rules + made.from;
    for (uint32_t i = 0; i < ends.count; i++) {
        const List list = list_of(scan, 2 * joint->ends[ends.from + i] + 1);
        if (joint->rules_size + list.count > JOINT_RULES) return false;
        for (uint32_t k = 0; k < list.count; k++) {
            const uint16_t rule = scan->listed[list.from + k];
            uint32_t to = made.count++;
            for (; to && table[rule].rank < table[rules[to - 1]].rank; to--) rules[to] = rules[to - 1];
            rules[to] = rule;
        }
        joint->rules_size += list.count;
    }
    joint->fits[joint->accepts_size + 1] = made;
    return true;
}

/* Says what a new state accepts: what all its parts do. False where there is no room. */
static bool join_accepts(const Scan *scan, Joint *joint, uint32_t row, const uint32_t *parts, uint32_t count) {
    const Automaton *automata = TABLE(scan->program, Automaton, automaton);
    List made = {joint->ends_size, 0};
    for (uint32_t i = 0; i < count; i++) {
        const Automaton *one = automata + (parts[i] >> 16);
        const uint32_t state = parts[i] & 0xFFFF;
        if (state < one->accepting || !list_of(scan, 2 * (state - one->accepting + one->accepts) + 1).count) continue;
        if (joint->ends_size == JOINT_ENDS) return false;
        joint->ends[joint->ends_size++] = state - one->accepting + one->accepts;
        made.count++;
    }
    if (!made.count) return true;
    if (!join_rules(scan, joint, made)) return false;
    joint->accepts[++joint->accepts_size] = made;
    joint->rows[row] = joint->accepts_size;
    return true;
}

/* The row of the state with these parts; 0 where there is no room for it. */
static uint32_t find_state(const Scan *scan, Joint *joint, const uint32_t *parts, uint32_t count) {
    if (!count) return ROW_DEAD;
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) hash = (hash ^ parts[i]) * 0x9E3779B97F4A7C15u, hash ^= hash >> 29;
    uint32_t slot = (uint32_t)hash & (2 * JOINT_STATES - 1), row;
    for (; (row = joint->slots[slot]); slot = (slot + 1) & (2 * JOINT_STATES - 1)) {
        const uint32_t *known = joint->parts + joint->rows[row + joint->stride - 1];
        if (known[0] == count && !memcmp(known + 1, parts, count * sizeof *parts)) return row;
    }
    if (joint->states == JOINT_STATES || joint->parts_size + count + 1 > JOINT_PARTS) return 0;
    row = joint->size;
    memset(joint->rows + row, 0, joint->stride * sizeof *joint->rows);
    if (!join_accepts(scan, joint, row, parts, count)) return 0;
    joint->rows[row + joint->stride - 1] = joint->parts_size;
    joint->parts[joint->parts_size] = count;
    memcpy(joint->parts + joint->parts_size + 1, parts, count * sizeof *parts);
    joint->parts_size += count + 1;
    joint->size += joint->stride;
    joint->states++;
    return joint->slots[slot] = row;
}

/* The row of the state in which some automata start. */
static uint32_t start_state(const Scan *scan, Joint *joint, uint64_t automata) {
    JointStart *start = joint->starts + (automata * 0x9E3779B97F4A7C15u >> (64 - JOINT_START_BITS));
    if (start->row && start->automata == automata) return start->row;
    uint32_t parts[64], count = 0;
    start->automata = automata;
    for (; automata; automata &= automata - 1) parts[count++] = (uint32_t)__builtin_ctzll(automata) << 16 | 1;
    return start->row = find_state(scan, joint, parts, count);
}

/* The row of the state behind the one in `row` and a byte; 0 where there is no room for it. */
static uint32_t next_state(const Scan *scan, Joint *joint, uint32_t row, uint32_t class, uint8_t byte) {
    const Program *program = scan->program;
    const Automaton *automata = TABLE(program, Automaton, automaton);
    const uint16_t *states = TABLE(program, uint16_t, states);
    const uint8_t *bytes = TABLE(program, uint8_t, bytes);
    const uint32_t *known = joint->parts + joint->rows[row + joint->stride - 1];
    uint32_t parts[64], count = 0;
    for (uint32_t i = 1; i <= known[0]; i++) {
        const uint32_t number = known[i] >> 16, state = known[i] & 0xFFFF;
        const uint32_t next = states[automata[number].table + (state << automata[number].shift) + bytes[256 * number + byte]];
        if (next) parts[count++] = number << 16 | next;
    }
    return joint->rows[row + class] = find_state(scan, joint, parts, count);
}

/* Reads on from `at` with several automata; false, and nothing is noted, where there was no room. */
static bool run_joint(Scan *scan, Joint *joint, uint64_t automata, int64_t cell, int64_t at, int64_t end) {
    const uint8_t *classes = TABLE(scan->program, uint8_t, classes), *text = scan->text;
    const size_t noted = scan->found[BY_SHAPE].size;
    const uint32_t *rows = joint->rows;
    uint32_t row = start_state(scan, joint, automata);
    if (!row) return false;
    int64_t place = at;
    while (place < end) {
        const uint32_t class = classes[text[place]];
        if (!class) break;
        uint32_t next = rows[row + class];
        if (!next && !(next = next_state(scan, joint, row, class, text[place]))) {
            scan->found[BY_SHAPE].size = noted; /* what begins here stands behind all others */
            return false;
        }
        if (next == ROW_DEAD) break;
        row = next;
        place++;
        const uint32_t accept = rows[row];
        if (accept && may_end(text, place, end)) {
            const List ends = joint->accepts[accept];
            for (uint32_t i = 0; i < ends.count; i++) note_end(scan, joint->ends[ends.from + i], cell, at, place);
        }
    }
    joint->read += place - at;
    return true;
}

/* Reads on from `at` with some automata. */
static void note_shapes(Scan *scan, uint64_t automata, int64_t cell, int64_t at, int64_t end) {
    if (automata & (automata - 1) && (scan->joint || make_joint(scan)) && !scan->joint->off) {
        if (run_joint(scan, scan->joint, automata, cell, at, end)) return;
        if (scan->joint->read < JOINT_PAYS * JOINT_STATES) scan->joint->off = true; /* hardly any is met again */
        forget_states(scan->joint);
    }
    for (; automata; automata &= automata - 1) {
        run_one(scan, (uint32_t)__builtin_ctzll(automata), cell, at, end);
    }
}

/* Automata with rules for which something may speak in a cell, or which need nothing. */
static uint64_t list_wanted(Scan *scan, int64_t cell) {
    const Says *says = says_of(scan, cell);
    uint64_t wanted = scan->free;
    scan->all = has_any(says, &scan->needed);
    if (is_long(scan)) return scan->living;
    for (int i = 0; i < GROUP_WORDS; i++)
        for (uint32_t bits = says->bits[i] & (scan->needed.bits[i] | scan->callers.bits[i]); bits; bits &= bits - 1)
            wanted |= scan->wakes[32 * i + __builtin_ctz(bits)];
    return wanted;
}

static void find_shapes(Scan *scan) {
    int64_t cell = 0;
    if (!scan->living) return;
    uint64_t wanted = list_wanted(scan, cell);
    for (int i = 0; i < scan->blocks; i++)
        for (uint64_t bits = scan->shapes[i]; bits; bits &= bits - 1) {
            const int bit = __builtin_ctzll(bits);
            const int64_t at = scan->window + 64 * i + bit;
            if (scan->starts[cell + 1] <= at) {
                while (scan->starts[cell + 1] <= at) cell++;
                wanted = list_wanted(scan, cell);
            }
            const int64_t end = scan->starts[cell + 1];
            const uint32_t before = at > scan->starts[cell] ? scan->text[at - 1] : 256; /* or the beginning of the cell */
            const uint64_t here = scan->column->shaped ? wanted : wanted & TABLE(scan->program, uint64_t, behind)[before];
            const uint64_t may = may_fit(scan, i, bit, at, end, here);
            if (may) note_shapes(scan, may, cell, at, end);
        }
}

#endif
