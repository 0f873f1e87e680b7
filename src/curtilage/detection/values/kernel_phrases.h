/* Phrases: followed word by word from where an anchor calls; those of rules, and what speaks for hits. */
#ifndef CURTILAGE_KERNEL_PHRASES_H
#define CURTILAGE_KERNEL_PHRASES_H

#include "kernel_words.h"

/* Whether there is a word number `i` that may follow the one before it. In a cell longer than a window
 * phrases go on behind its end. */
static bool follows(Scan *scan, size_t i) {
    Tokens *tokens = &scan->tokens;
    if (i == tokens->size && is_long(scan)) {
        const int64_t stop = end_of(scan, i - 1), most = stop + MOST_SEPARATORS;
        int64_t at = stop;
        while (at < scan->size && at < most && !is_wordy(scan->text[at])) at++;
        if (at == scan->size || !is_wordy(scan->text[at]) || !make_room(scan, i + 1)) return false;
        const int64_t size = word_end(scan->text, at, scan->size) - at;
        tokens->at[i] = (uint32_t)(at - scan->window);
        tokens->end[i] = tokens->at[i] + (uint32_t)size;
        tokens->hash[i] = word_hash(first_letters(scan, at, size), size, WHOLE);
        tokens->kinds[i] = IS_SEEN | (joins(scan->text, stop, at, 0, scan->size) ? JOINED : 0);
        if (is_number(scan->text, at, size)) tokens->kinds[i] |= IS_NUMBER;
        tokens->size++;
    }
    return i < tokens->size && kinds_of(scan, i) & JOINED;
}

/* The number of word `i`; 0 where no phrase has it. */
static uint32_t number_of(Scan *scan, size_t i) {
    Tokens *tokens = &scan->tokens;
    if (!(tokens->kinds[i] & IS_NUMBERED)) {
        const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
        const uint32_t hash = tokens->hash[i];
        tokens->kinds[i] |= IS_NUMBERED;
        tokens->word[i] =
            may_be_word(scan->program, hash) ? find_word(scan, first_letters(scan, at, size), at, size, WHOLE, hash) : 0;
    }
    return tokens->word[i];
}

/* What phrases begin with word `i`, and whether it has a beginning of words with which some do. */
static uint32_t know(Scan *scan, size_t i) {
    const Program *program = scan->program;
    const Word *words = TABLE(program, Word, words);
    uint32_t *kinds = scan->tokens.kinds + i, word;
    if (*kinds & IS_KNOWN) return *kinds;
    *kinds |= IS_KNOWN | (kinds_of(scan, i) & IS_NUMBER ? words[A_NUMBER].flags : 0);
    if ((word = number_of(scan, i))) *kinds |= words[word].flags;
    const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
    const uint64_t letters = first_letters(scan, at, size);
    for (uint32_t lengths = list_beginnings(program, letters, OF_FIRSTS); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > size) break;
        if ((word = find_beginning(scan, at, length))) *kinds |= MAY_BEGIN | words[word].flags;
    }
    return *kinds;
}

/* Whether word `k` may come right behind word `i` in a phrase, or behind a gap. */
static inline bool may_go_on(Scan *scan, size_t i, size_t k) {
    const Program *program = scan->program;
    const uint64_t *pairs = TABLE(program, uint64_t, pairs);
    const uint32_t one = pair_hash(scan->tokens.hash[i], scan->tokens.hash[k]);
    if (pairs[one / 64] >> (one % 64) & 1) return true;
    if (!(kinds_of(scan, i) & IS_NUMBER)) return false;
    const uint32_t other = pair_hash(program->number_hash, scan->tokens.hash[k]);
    return pairs[other / 64] >> (other % 64) & 1;
}

/* Whether phrases may begin with word `i`, judged by it and the words behind it; of groups where `shift`
 * is GROUPS. */
static inline bool may_start(Scan *scan, size_t i, int shift) {
    const uint32_t flags = know(scan, i) >> shift & FLAGS;
    if (!flags) return false;
    if (flags & ENDS) return true;
    if (flags & ENDS_BEFORE_NAME && (i + 1 == scan->tokens.size ? is_long(scan) : is_upper(scan->text[begin_of(scan, i + 1)]))) return true;
    if (!(flags & GOES_ON)) return false;
    const int most = flags & GAPPED ? REACH + 1 : 1;
    for (size_t k = i + 1; k <= i + (size_t)most; k++) {
        if (k >= scan->tokens.size) return is_long(scan);
        if (!(kinds_of(scan, k) & JOINED)) return false;
        if (flags & LOOSE || may_go_on(scan, i, k)) return true;
    }
    return false;
}

static void pass(Scan *scan, uint32_t number, size_t i);

/* Goes on from a branch with word `i`. */
static void enter(Scan *scan, uint32_t branch, size_t i) {
    const Program *program = scan->program;
    const uint32_t kinds = TABLE(program, Branch, branches)[branch].kinds;
    uint32_t word = number_of(scan, i), place;
    if (word && (place = edge(program, branch, word))) pass(scan, place, i);
    if (kinds & HAS_NUMBER && kinds_of(scan, i) & IS_NUMBER && (place = edge(program, branch, A_NUMBER))) pass(scan, place, i);
    if (!(kinds & HAS_BEGINNINGS)) return;
    const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
    const uint64_t letters = first_letters(scan, at, size);
    for (uint32_t lengths = list_beginnings(program, letters, OF_ALL); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > size) return;
        if ((word = find_beginning(scan, at, length)) && (place = edge(program, branch, word))) pass(scan, place, i);
    }
}

/* Word `i` of a phrase led to a place: notes whose phrases end here, and goes on with the next word. */
static void pass(Scan *scan, uint32_t number, size_t i) {
    const Place *place = TABLE(scan->program, Place, places) + number;
    const uint32_t *owners = TABLE(scan->program, uint32_t, owners) + place->owners;
    for (uint32_t k = 0; k < place->owned; k++) {
        const uint32_t owner = owners[k];
        if (scan->owner_seen[owner] != scan->beginning) {
            scan->owner_seen[owner] = scan->beginning;
            scan->owner_end[owner] = i;
            scan->met[scan->met_size++] = owner;
        } else if (scan->owner_end[owner] < i) scan->owner_end[owner] = i;
    }
    if (!(place->next | place->gap) || !follows(scan, i + 1)) return;
    if (place->next) enter(scan, place->next, i + 1);
    if (!place->gap) return;
    enter(scan, place->gap, ++i);
    for (int skipped = 0; skipped < REACH && follows(scan, i + 1); skipped++) enter(scan, place->gap, ++i);
}

/* Follows all phrases, of rules or of groups, that begin with word `i`; their owners are in `met`. */
static void follow(Scan *scan, size_t i, bool of_groups) {
    const Word *words = TABLE(scan->program, Word, words);
    const uint32_t kinds = know(scan, i);
    uint32_t place, word;
    scan->met_size = 0;
    if (++scan->beginning == 0) { /* counted once around: forget what the old numbers said */
        memset(scan->owner_seen, 0, sizeof *scan->owner_seen * (scan->program->rules + scan->program->groups));
        scan->beginning = 1;
    }
#define FIRST(number) ((place = of_groups ? words[number].of_groups : words[number].of_rules))
    if ((word = number_of(scan, i)) && FIRST(word)) pass(scan, place, i);
    if (kinds & IS_NUMBER && FIRST(A_NUMBER)) pass(scan, place, i);
    if (!(kinds & MAY_BEGIN)) return;
    const int64_t at = begin_of(scan, i), size = end_of(scan, i) - at;
    const uint64_t letters = first_letters(scan, at, size);
    for (uint32_t lengths = list_beginnings(scan->program, letters, OF_FIRSTS); lengths; lengths &= lengths - 1) {
        const int64_t length = __builtin_ctz(lengths);
        if (length > size) return;
        if ((word = find_beginning(scan, at, length)) && FIRST(word)) pass(scan, place, i);
    }
#undef FIRST
}

/* The name behind word `i`, the last of a phrase: 1 to 4 capitalised words, little ones among them.
 * Returns its end, 0 where there is none. */
static int64_t find_name(Scan *scan, const Rule *rule, size_t i, int64_t cell_end, int64_t *name_start) {
    const uint8_t *text = scan->text;
    int names = 0, particles = 0;
    int64_t name_end = 0;
    for (bool first = true; names < MOST_NAMES; first = false) {
        const int64_t stop = end_of(scan, i);
        if (stop >= cell_end || (!follows(scan, ++i) && i >= scan->tokens.size)) break;
        const int64_t at = begin_of(scan, i), gap = at - stop;
        const uint32_t word = number_of(scan, i);
        if (at >= cell_end) break;
        if (first) {
            for (int64_t k = stop; k < at; k++)
                if (gap > 2 || !(text[k] == ':' || text[k] == '.' || text[k] == ',' || text[k] == ' ')) return 0;
            *name_start = at;
        } else if (!(gap == 1 && (text[stop] == ' ' || text[stop] == '-' || text[stop] == '\'')) &&
                   !(gap == 2 && text[stop] == '.' && text[stop + 1] == ' ')) break;
        if (is_upper(text[at]) && !(rule->stop && edge(scan->program, rule->stop, word))) {
            name_end = end_of(scan, i);
            names++;
        } else if (names && particles < MOST_PARTICLES && edge(scan->program, scan->program->particles, word)) {
            particles++;
        } else break;
    }
    return name_end;
}

/* Notes the hits of the rules whose phrases were met from word `i` on. */
static void take_rules(Scan *scan, int64_t cell, size_t i) {
    const int64_t at = begin_of(scan, i);
    for (uint32_t k = 0; k < scan->met_size; k++) {
        const uint32_t owner = scan->met[k];
        const Rule *rule = TABLE(scan->program, Rule, rule_table) + owner;
        if (scan->standing[owner] == DEAD) continue;
        Note made = {at, end_of(scan, scan->owner_end[owner]), (uint32_t)cell, owner, rule->rank, 0};
        if (rule->takes) {
            int64_t name;
            if (!(made.end = find_name(scan, rule, scan->owner_end[owner], scan->starts[cell + 1], &name))) continue;
            if (rule->takes == TAKES_NAME) made.start = name;
            else if (!is_upper(scan->text[at])) continue;
        }
        note_hit(scan, scan->found + BY_PHRASE, made);
    }
}

static void find_phrases(Scan *scan) {
    if (!read_words(scan)) {
        scan->failed = true;
        return;
    }
    const size_t words = scan->in_window; /* others may be appended behind them */
    for (size_t first = 0; first < words; first += 64)
        for (uint64_t bits = scan->called[first / 64]; bits; bits &= bits - 1) {
            const size_t i = first + (size_t)__builtin_ctzll(bits);
            if (i >= words) break;
            if (!may_start(scan, i, 0)) continue;
            follow(scan, i, false);
            if (scan->met_size) take_rules(scan, cell_of(scan, begin_of(scan, i)), i);
        }
}

/* --- Words that speak for hits: looked for only where something was found ---------------------------- */

/* Whether phrases of some groups begin with word `i`. */
static inline bool may_say(Scan *scan, size_t i, const Says *asked) {
    const Program *program = scan->program;
    const Says *says = TABLE(program, Says, says);
    const Word *words = TABLE(program, Word, words);
    if (!(know(scan, i) >> GROUPS & FLAGS)) return false;
    const uint32_t kinds = scan->tokens.kinds[i];
    if (kinds & MAY_BEGIN) return true;
    if (kinds & IS_NUMBER && has_any(says + words[A_NUMBER].first, asked)) return true;
    return has_any(says + words[scan->tokens.word[i]].first, asked);
}

/* Follows phrases of groups that are asked for, from some words on, and notes them; others may be among
 * them. */
static void hear_groups(Scan *scan, size_t first, size_t end, int64_t cell, const Says *asked) {
    for (size_t i = first; i < end; i++) {
        if (!may_say(scan, i, asked) || !may_start(scan, i, GROUPS)) continue;
        follow(scan, i, true);
        for (uint32_t k = 0; k < scan->met_size; k++) {
            const uint32_t group = scan->met[k];
            note(scan, &scan->contexts, (Note){begin_of(scan, i), end_of(scan, scan->owner_end[group]), (uint32_t)cell, group, 0, 0});
        }
    }
}

static const Says EVERYTHING = {{~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u}};

/* The groups that words of a cell may say. */
static inline const Says *says_of(const Scan *scan, int64_t cell) {
    return is_long(scan) ? &EVERYTHING : &scan->heard[cell].says;
}

/* Makes sure that what the words of a cell say of some groups is known. A cell longer than a window was
 * heard already. */
static void listen(Scan *scan, int64_t cell, const Says *asked) {
    Heard *heard = scan->heard + cell;
    if (is_long(scan) || (heard->listened && !has_other(asked, &heard->asked))) return;
    heard->listened = true;
    add(&heard->asked, asked);
    heard->from = scan->contexts.size;
    if (has_any(&heard->asked, &heard->says)) hear_groups(scan, word_from(scan, scan->starts[cell]), word_from(scan, scan->starts[cell + 1]), cell, &heard->asked);
    heard->to = scan->contexts.size;
    scan->around_cell = -1;
}

/* In a cell longer than a window all words are heard. */
static void listen_to_all(Scan *scan) { hear_groups(scan, 0, scan->in_window, 0, &EVERYTHING); }

#endif
