export const gapKey = (parent, offset) => `${parent}/${offset}`;

/* What the server has told so far. A branch is the list of a node's children with holes where pages are missing. */
export class Branches {
  constructor(root) {
    this.nodes = new Map();
    this.children = new Map();
    this.parents = new Map();
    this.keep(root);
  }

  keep(node) {
    this.nodes.set(String(node.id), { ...node, key: String(node.id) });
  }

  merge({ parent, offset, total, nodes }) {
    const known = this.children.get(String(parent));
    const list = known && known.length === total ? known.slice() : new Array(total);
    nodes.forEach((node, index) => {
      this.keep(node);
      this.place(String(node.id), String(parent), list, offset + index);
    });
    this.children.set(String(parent), list);
    const owner = this.nodes.get(String(parent));
    if (owner) owner.has_children = total > 0;
  }

  /* A union stands in one place only, also when it moved between two answers. */
  place(key, parent, list, at) {
    const former = this.parents.get(key);
    const there = former === parent ? list : this.children.get(former);
    const was = there ? there.indexOf(key) : -1;
    if (was >= 0 && there !== list) there.splice(was, 1);
    else if (was >= 0 && was !== at) delete list[was];
    list[at] = key;
    this.parents.set(key, parent);
  }

  /* Keys of the rows below a node; each run of missing children is one row that asks for them. */
  rowsBelow(key) {
    const list = this.children.get(key);
    if (!list) return [gapKey(key, 0)];
    const rows = [];
    for (let at = 0; at < list.length; at += 1) {
      if (list[at] !== undefined) rows.push(list[at]);
      else if (at === 0 || list[at - 1] !== undefined) rows.push(gapKey(key, at));
    }
    return rows;
  }

  row(key) {
    const node = this.nodes.get(key);
    if (node) return node;
    const [parent, offset] = key.split("/");
    const list = this.children.get(parent);
    let rest = 0;
    while (list && Number(offset) + rest < list.length && list[Number(offset) + rest] === undefined) rest += 1;
    return { key, gap: true, parent, offset: Number(offset), rest };
  }

  position(key) {
    const list = this.children.get(this.parents.get(key));
    return list ? { at: list.indexOf(key) + 1, of: list.length } : { at: 1, of: 1 };
  }

  ancestors(key) {
    const found = [];
    for (let up = this.parents.get(key); up && !found.includes(up); up = this.parents.get(up)) found.push(up);
    return found;
  }
}
