/* The union tree: rows of one level at a time, asked of the server as they open, drawn only where visible.
   It holds no words of its own and knows nothing of unions beyond {id, name, count, has_children}. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { hotkeysCoreFeature, syncDataLoaderFeature } from "@headless-tree/core";
import { useTree } from "@headless-tree/react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";

const TOP = "top";
const TIMEOUT_MS = 15000;
const thousands = new Intl.NumberFormat("en-US");
const gapKey = (parent, offset) => `${parent}/${offset}`;

/* What the server has told so far. A branch is the list of a node's children with holes where pages are missing. */
class Branches {
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
      list[offset + index] = String(node.id);
      this.keep(node);
      this.parents.set(String(node.id), String(parent));
    });
    this.children.set(String(parent), list);
    const owner = this.nodes.get(String(parent));
    if (owner) owner.has_children = total > 0;
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

/* Asks for one page at a time, in the order wanted; a page that does not come within 15 s is left to the user to retry. */
function usePages(ask) {
  const [failed, setFailed] = useState(() => new Set());
  const [busy, setBusy] = useState(null);
  const wanted = useRef([]);
  const timer = useRef(0);
  const current = useRef(null);
  const askNow = useRef(ask);
  askNow.current = ask;

  const next = () => {
    clearTimeout(timer.current);
    current.current = wanted.current.shift() ?? null;
    setBusy(current.current);
    if (!current.current) return;
    const { key, parent, offset } = current.current;
    timer.current = setTimeout(() => {
      setFailed((keys) => new Set(keys).add(key));
      next();
    }, TIMEOUT_MS);
    askNow.current(Number(parent), offset);
  };

  return {
    busy,
    failed,
    isWanted: (key) => current.current?.key === key || wanted.current.some((page) => page.key === key),
    want(page) {
      setFailed((keys) => new Set([...keys].filter((key) => key !== page.key)));
      wanted.current.push(page);
      if (!current.current) next();
    },
    arrived(parents) {
      wanted.current = wanted.current.filter((page) => page.offset > 0 || !parents.has(page.parent));
      setFailed((keys) => new Set([...keys].filter((key) => !parents.has(key.split("/")[0]))));
      if (current.current && parents.has(current.current.parent)) next();
    },
    forget() {
      clearTimeout(timer.current);
      wanted.current = [];
      current.current = null;
      setBusy(null);
      setFailed(new Set());
    },
  };
}

/* Height of a row in pixels, which follows the theme's scaling and the width of the screen. */
function useRowHeight(probe, whenChanged) {
  const height = useRef(32);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const measured = entry.borderBoxSize[0].blockSize;
      if (!measured || measured === height.current) return;
      height.current = measured;
      whenChanged();
    });
    observer.observe(probe.current);
    return () => observer.disconnect();
  }, []);
  return height;
}

const focusRow = (tree, key) => {
  tree.getItemInstance(key).setFocused();
  tree.updateDomFocus();
};

const hotkeys = {
  focusFirstItem: {
    hotkey: "Home", preventDefault: true,
    handler: (event, tree) => focusRow(tree, tree.getItems()[0].getId()),
  },
  focusLastItem: {
    hotkey: "End", preventDefault: true,
    handler: (event, tree) => focusRow(tree, tree.getItems().at(-1).getId()),
  },
  expandOrDown: {
    hotkey: "ArrowRight", canRepeat: true, preventDefault: true,
    handler: (event, tree) => {
      const item = tree.getFocusedItem();
      if (!item.isFolder()) return;
      if (!item.isExpanded()) item.expand();
      else focusRow(tree, item.getItemBelow().getId());
    },
  },
  collapseOrUp: {
    hotkey: "ArrowLeft", canRepeat: true, preventDefault: true,
    handler: (event, tree) => {
      const item = tree.getFocusedItem();
      if (item.isFolder() && item.isExpanded()) item.collapse();
      else if (item.getItemMeta().level > 0) focusRow(tree, item.getParent().getId());
    },
  },
  customSelect: {
    hotkey: "Enter", preventDefault: true,
    handler: (event, tree) => tree.getFocusedItem().primaryAction(),
  },
  customSelectBySpace: {
    hotkey: "Space", preventDefault: true,
    handler: (event, tree) => tree.getFocusedItem().primaryAction(),
  },
};

export function UnionTree({ root, answer, selected, onBranch, onSelect, labels, pageSize = 200, collapseSeq = 0 }) {
  const scroller = useRef(null);
  const probe = useRef(null);
  const rootKey = String(root.id);
  const branches = useRef(null);
  const merged = useRef(null);
  const shownRoot = useRef(null);
  const toReveal = useRef(null);
  const [expandedItems, setExpandedItems] = useState([rootKey]);
  const [focusedItem, setFocusedItem] = useState(null);
  const pages = usePages((parent, offset) => onBranch?.(parent, offset));

  if (!branches.current) branches.current = new Branches(root);

  const openPage = (row) => {
    if (!pages.isWanted(row.key)) pages.want(row);
  };
  const tree = useTree({
    rootItemId: TOP,
    state: { expandedItems, focusedItem },
    setExpandedItems,
    setFocusedItem,
    hotkeys,
    features: [syncDataLoaderFeature, hotkeysCoreFeature],
    dataLoader: {
      getItem: (key) => branches.current.row(key),
      getChildren: (key) => (key === TOP ? [rootKey] : branches.current.rowsBelow(key)),
    },
    getItemName: (item) => item.getItemData().name ?? "",
    isItemFolder: (item) => Boolean(item.getItemData().has_children),
    onPrimaryAction: (item) => {
      const row = item.getItemData();
      if (row.gap) openPage(row);
      else onSelect?.(row.id);
    },
    scrollToItem: (item) => virtual.scrollToIndex(item.getItemMeta().index, { align: "auto" }),
  });

  const rowHeight = useRowHeight(probe, () => virtual.measure());
  const items = tree.getItems();
  const focusedIndex = Math.max(0, items.findIndex((item) => item.isFocused()));
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight.current,
    getItemKey: (index) => items[index].getId(),
    overscan: 8,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), focusedIndex])].sort((a, b) => a - b),
  });
  useEffect(() => {
    if (shownRoot.current === rootKey) {
      branches.current.keep(root);
    } else {
      if (shownRoot.current !== null) {
        branches.current = new Branches(root);
        pages.forget();
        setExpandedItems([rootKey]);
        setFocusedItem(null);
        scroller.current?.scrollTo(0, 0);
      }
      shownRoot.current = rootKey;
    }
    if (answer?.seq !== undefined && answer.seq !== merged.current) {
      merged.current = answer.seq;
      const cache = branches.current;
      const parents = new Set(answer.branches.map((branch) => String(branch.parent)));
      answer.branches.forEach((branch) => cache.merge(branch));
      pages.arrived(parents);
      tree.rebuildTree();
      followFocus(cache);
      if (answer.reveal) {
        const key = String(answer.reveal);
        setExpandedItems((keys) => [...new Set([...keys, ...cache.ancestors(key)])]);
        tree.getItemInstance(key).setFocused();
        toReveal.current = key;
      }
    }
    tree.rebuildTree();
  }, [rootKey, root.name, root.count, root.has_children, answer?.seq]);

  /* A row that asked for more is replaced by what came: the focus goes on with the first of it. */
  const followFocus = (cache) => {
    if (!focusedItem?.includes("/")) return;
    const [parent, offset] = focusedItem.split("/");
    const list = cache.children.get(parent);
    if (!list || (list.length > Number(offset) && list[Number(offset)] === undefined)) return;
    tree.getItemInstance(list[Number(offset)] ?? parent).setFocused();
    if (scroller.current?.contains(document.activeElement)) tree.updateDomFocus();
  };

  useEffect(() => {
    if (collapseSeq) {
      setExpandedItems([rootKey]);
      setFocusedItem(rootKey);
    }
  }, [collapseSeq]);

  useEffect(() => {
    const index = items.findIndex((item) => item.getId() === toReveal.current);
    if (index < 0 || !scroller.current.clientHeight) return;
    toReveal.current = null;
    const { startIndex, endIndex } = virtual.range ?? { startIndex: 0, endIndex: -1 };
    if (index <= startIndex || index >= endIndex) virtual.scrollToIndex(index, { align: "center" });
  });

  useEffect(() => {
    for (const item of tree.getItems()) {
      const row = item.getItemData();
      if (row.gap && !branches.current.children.has(row.parent) && !pages.failed.has(row.key)) openPage(row);
    }
  });

  useEffect(() => pages.forget, []);

  const attach = useCallback(
    (element) => {
      scroller.current = element;
      tree.registerElement(element);
    },
    [tree],
  );

  return (
    <div
      {...tree.getContainerProps(labels.tree)}
      ref={attach}
      className="tree"
      aria-busy={pages.busy !== null}
    >
      <div ref={probe} className="node probe" aria-hidden="true" />
      <div role="presentation" className="rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          const row = item.getItemData();
          const shared = {
            ref: item.registerElement,
            role: "treeitem",
            tabIndex: index === focusedIndex ? 0 : -1,
            "aria-level": item.getItemMeta().level + 1,
            style: { "--d": item.getItemMeta().level, transform: `translateY(${start}px)` },
            onFocus: () => item.isFocused() || item.setFocused(),
          };
          return row.gap ? (
            <GapRow key={key} shared={shared} row={row} pages={pages} pageSize={pageSize} labels={labels} onOpen={openPage} />
          ) : (
            <UnionRow
              key={key} shared={shared} row={row} item={item} position={branches.current.position(row.key)}
              isSelected={String(selected) === row.key} onSelect={() => onSelect?.(row.id)}
            />
          );
        })}
      </div>
    </div>
  );
}

function UnionRow({ shared, row, item, position, isSelected, onSelect }) {
  const open = row.has_children ? item.isExpanded() : undefined;
  const toggle = (event) => {
    if (!row.has_children) return;
    event.stopPropagation();
    item.setFocused();
    if (open) item.collapse();
    else item.expand();
  };
  return (
    <div
      {...shared}
      className={row.has_children ? "node" : "node leaf"}
      aria-setsize={position.of}
      aria-posinset={position.at}
      aria-expanded={open}
      aria-selected={isSelected}
      onClick={() => {
        item.setFocused();
        onSelect();
      }}
    >
      <span className="tw" aria-hidden="true" onClick={toggle}>
        {row.has_children && (
          <svg className="i s" viewBox="0 0 24 24">
            <path d="m9 6 6 6-6 6" />
          </svg>
        )}
      </span>
      <span className="cut" title={row.name}>
        {row.name}
      </span>
      {row.count > 0 && <span className="n">{thousands.format(row.count)}</span>}
    </div>
  );
}

/* Stands for children that are not here yet: being loaded, failed, or waiting to be asked for. */
function GapRow({ shared, row, pages, pageSize, labels, onOpen }) {
  const n = Math.min(pageSize, row.rest);
  const isFailed = pages.failed.has(row.key);
  const isWanted = pages.isWanted(row.key) || (row.rest === 0 && !isFailed);
  const more = labels.more.replace("{n}", thousands.format(n)).replace("{rest}", thousands.format(row.rest));
  const text = isWanted ? labels.loading : isFailed ? labels.retry : more;
  return (
    <div
      {...shared}
      className={isWanted ? "node gap wait" : "node gap"}
      aria-disabled={isWanted || undefined}
      onClick={() => onOpen(row)}
    >
      <span className="tw" aria-hidden="true" />
      <span className="cut" title={text}>
        {text}
      </span>
    </div>
  );
}
