/** Whose orders: a subject is unique within its issuer only. */
export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

/** An order as it is stored. */
export interface StoredOrder {
  /** Unguessable. */
  readonly orderId: string;
  readonly restaurantName: string;
  readonly items: readonly string[];
  readonly status: "delivered" | "refunded" | "preparing";
  readonly totalCents: number;
  /** Milliseconds since the epoch. */
  readonly placedAt: number;
  readonly location: string;
}

/** A request to place an order of one's own again. */
export interface Reorder {
  /** The order to repeat. */
  readonly orderId: string;
  /** Requests with the same key make one order; without a key, those for the same order within `SAME_ORDER_MS`. */
  readonly idempotencyKey: string | undefined;
  /** Becomes the id of the new order, unless an earlier request has made one. */
  readonly newOrderId: string;
  /** Milliseconds since the epoch. */
  readonly placedAt: number;
}

/** What became of it: an order, new or made by an earlier request that is the same, or a refusal. */
export type Reordered =
  | { readonly kind: "placed"; readonly order: StoredOrder }
  | { readonly kind: "unknown_order" }
  | { readonly kind: "key_reused" };

/** For so long a second request without a key counts as the first one, sent again. */
export const SAME_ORDER_MS = 10_000;

/** Where orders are kept; every question is about one owner, and rejects when the storage fails. */
export interface OrderStore {
  /** In words for the caller why nothing can be ordered here; left out where orders are written. */
  readonly readOnly?: string;
  /** The newest orders first; with `after`, an order of the owner's, those that follow it. */
  recent(owner: Owner, limit: number, after?: string): Promise<StoredOrder[]>;
  /** The owner's order of this id. */
  find(owner: Owner, orderId: string): Promise<StoredOrder | undefined>;
  /** Names of the restaurants that the owner has ordered from. */
  restaurants(owner: Owner): Promise<ReadonlySet<string>>;
  /** Places an order of the owner's again, once for all requests that are the same. */
  reorder(owner: Owner, request: Reorder): Promise<Reordered>;
  /** Stores these orders if the owner was never seen before, all or none of them. */
  welcome(owner: Owner, orders: () => readonly StoredOrder[]): Promise<void>;
}
