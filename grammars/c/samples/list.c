/* A linked list of names. */
#include <stdio.h>
#include "list.h"

#define LIMIT 10
#define SQUARE(x) ((x) * (x))

#ifdef DEBUG
static int traces = 0;
#endif

typedef unsigned long size;
typedef int (*compare)(const void *left, const void *right);

struct node {
    char *name;
    struct node *next;
    unsigned flags : 3, kind : 2;
    int cells[4];
    int (*visit)(struct node *self);
};

typedef struct {
    struct node *head;
    size length;
} list;

enum color { RED, GREEN = 2, BLUE };

union value { int whole; float part; };

extern int counter;
static const char *names[] = { "a", "b" }, *other;
int first = 1, second;

static int measure(const char *text, int limit);

static struct node *push(list *items, const char *name, int cells[], ...)
{
    struct node *fresh = malloc(sizeof *fresh), last;
    fresh->name = strdup(name);
    fresh->next = items->head;
    items->head = fresh;
    for (int i = 0; i < LIMIT; i++) {
        size total = SQUARE(i);
        printf("%lu\n", total);
    }
    while (fresh) {
        enum color shade = RED;
        if (shade == GREEN)
            goto done;
        else {
            int inner = items->length;
            first += inner;
        }
        fresh = fresh->next;
    }
    switch (first) {
    case 1:
        return (struct node *)0;
    default:
        break;
    }
done:
    return fresh;
}

int main(int argc, char **argv)
{
    list items = { .head = NULL, .length = 0 };
    compare by_name = (compare)strcmp;
    push(&items, argv[0], 0);
    items.head->visit(items.head);
    (*by_name)("a", "b");
    union value v = { .whole = argc };
    return v.whole + measure(items.head->name, LIMIT);
}
