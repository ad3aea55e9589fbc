/* The union tree: rows of one level at a time, asked of the server as they open, drawn only where visible.
   It holds no words of its own and knows nothing of unions beyond {id, name, count, has_children}. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { hotkeysCoreFeature, syncDataLoaderFeature } from "@headless-tree/core";
import { useTree } from "@headless-tree/react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Branches, gapKey } from "./branches.js";
import { usePages } from "./pages.js";

const TOP = "top";
const thousands = new Intl.NumberFormat("en-US");

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

/* Another root is another tree: nothing of the former is kept. */
export function UnionTree(props) {
  return props.root?.id ? <Tree key={props.root.id} {...props} /> : <div className="tree" aria-busy="true" />;
}

function Tree({ root, answer, selected, onBranch, onSelect, labels, pageSize = 200, collapseSeq = 0 }) {
  const scroller = useRef(null);
  const probe = useRef(null);
  const rootKey = String(root.id);
  const branches = useRef(null);
  const merged = useRef(null);
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
  const focusedIndex = Math.max(0, tree.getFocusedItem()?.getItemMeta().index ?? 0);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight.current,
    getItemKey: (index) => items[index].getId(),
    overscan: 8,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), focusedIndex])].sort((a, b) => a - b),
  });
  useEffect(() => {
    branches.current.keep(root);
    if (answer?.seq !== undefined && answer.seq !== merged.current) {
      merged.current = answer.seq;
      const cache = branches.current;
      const parents = new Set(answer.branches.map((branch) => String(branch.parent)));
      answer.branches.forEach((branch) => cache.merge(branch));
      pages.arrived(parents);
      tree.rebuildTree();
      followFocus(cache);
      if (answer.reveal) reveal(String(answer.reveal), cache);
    }
    tree.rebuildTree();
  }, [root.name, root.count, root.has_children, answer?.seq]);

  const reveal = (key, cache) => {
    const above = cache.ancestors(key);
    if (key !== rootKey && !above.includes(rootKey)) return;
    setExpandedItems((keys) => [...new Set([...keys, ...above])]);
    tree.getItemInstance(key).setFocused();
    toReveal.current = key;
  };

  /* A row that asked for more is replaced by what came: the focus goes on with the first of it. */
  const followFocus = (cache) => {
    if (!focusedItem?.includes("/")) return;
    const [parent, offset] = focusedItem.split("/");
    const list = cache.children.get(parent);
    if (!list || (list.length > Number(offset) && list[Number(offset)] === undefined)) return;
    tree.getItemInstance(list[Number(offset)] ?? parent).setFocused();
    if (scroller.current?.contains(document.activeElement)) tree.updateDomFocus();
  };

  const collapsed = useRef(collapseSeq);
  useEffect(() => {
    if (collapseSeq === collapsed.current) return;
    collapsed.current = collapseSeq;
    setExpandedItems([rootKey]);
    setFocusedItem(rootKey);
  }, [collapseSeq]);

  useEffect(() => {
    if (toReveal.current === null || !scroller.current.clientHeight) return;
    const index = items.findIndex((item) => item.getId() === toReveal.current);
    if (index < 0) return;
    toReveal.current = null;
    const { startIndex, endIndex } = virtual.range ?? { startIndex: 0, endIndex: -1 };
    if (index <= startIndex || index >= endIndex) virtual.scrollToIndex(index, { align: "center" });
  });

  useEffect(() => {
    for (const key of tree.getState().expandedItems) {
      const gap = gapKey(key, 0);
      if (branches.current.children.has(key) || pages.failed.has(gap)) continue;
      if (tree.getItemInstance(gap).getItemMeta().index >= 0) openPage(branches.current.row(gap));
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
