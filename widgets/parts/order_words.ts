import { type Ask, type CommonWords, ENGLISH, useWords, type Words } from "mcp-app/ui";
import { arabic, spanish } from "./common_words.ts";

/** What the orders say. */
interface OrderWords extends Words {
  readonly lang: string;
  readonly common: CommonWords;
  readonly title: string;
  count(orders: number): string;
  part(from: number, to: number, orders: number): string;
  readonly later: string;
  readonly earlier: string;
  readonly older: Ask;
  readonly noDate: string;
  readonly pizzeria: string;
  readonly status: Readonly<Record<string, string>>;
  readonly reorder: string;
  readonly ordering: string;
  readonly ordered: string;
  readonly orderFailed: string;
  readonly signInToReorder: Ask;
  readonly fullscreen: string;
  readonly inline: string;
  choose(place: string): string;
  readonly chosen: string;
}

const en: OrderWords = {
  lang: "en",
  common: ENGLISH,
  loading: "Fetching your orders…",
  cancelled: "Your orders were not fetched",
  failed: "Your orders could not be fetched",
  empty: { title: "No orders yet", text: "Once you have ordered a pizza, you will find it here." },
  late: {
    title: "Your orders have not arrived",
    message: "Please show my past pizza orders again.",
    hint: "Ask in the chat for your past orders.",
  },
  signIn: {
    title: "Sign in to see your orders",
    text: "Your past pizzas are yours alone, so we need to know it is you.",
    message: "Please sign me in and show my past pizza orders.",
    hint: "Ask in the chat for your past orders; it will offer to sign you in.",
  },
  title: "Your pizza orders",
  count: (orders) => orders === 1 ? "1 order" : `${orders} orders`,
  part: (from, to, orders) => `${from}–${to} of ${orders} orders`,
  later: "Later orders",
  earlier: "Earlier orders",
  older: {
    label: "Show older orders",
    message: "Show my older pizza orders.",
  },
  noDate: "No date",
  pizzeria: "A pizzeria",
  status: { delivered: "Delivered", preparing: "Preparing", refunded: "Refunded" },
  reorder: "Reorder",
  ordering: "Ordering…",
  ordered: "Ordered again",
  orderFailed: "That did not work.",
  signInToReorder: {
    label: "Sign in to reorder",
    message: "Please sign me in, so that I can order this pizza again.",
  },
  fullscreen: "Full screen",
  inline: "Back to the chat",
  choose: (place) => `Talk about the order from ${place}`,
  chosen: "Ask in the chat about the order you have chosen.",
};

const es: OrderWords = {
  lang: "es",
  common: spanish,
  loading: "Buscando tus pedidos…",
  cancelled: "No se han buscado tus pedidos",
  failed: "No se pudieron obtener tus pedidos",
  empty: { title: "Aún no hay pedidos", text: "Cuando pidas una pizza, la encontrarás aquí." },
  late: {
    title: "Tus pedidos no han llegado",
    message: "Muéstrame otra vez mis pedidos de pizza.",
  },
  signIn: {
    title: "Inicia sesión para ver tus pedidos",
    text: "Son solo tuyos: tenemos que saber que eres tú.",
    message: "Inicia mi sesión y muéstrame mis pedidos de pizza.",
  },
  title: "Tus pedidos de pizza",
  count: (orders) => orders === 1 ? "1 pedido" : `${orders} pedidos`,
  part: (from, to, orders) => `${from}–${to} de ${orders} pedidos`,
  later: "Pedidos más recientes",
  earlier: "Pedidos más antiguos",
  older: {
    label: "Ver pedidos más antiguos",
    message: "Muéstrame mis pedidos de pizza más antiguos.",
  },
  noDate: "Sin fecha",
  pizzeria: "Una pizzería",
  status: { delivered: "Entregado", preparing: "Preparando", refunded: "Devuelto" },
  reorder: "Repetir",
  ordering: "Pidiendo…",
  ordered: "Pedido de nuevo",
  orderFailed: "No ha funcionado.",
  signInToReorder: {
    label: "Inicia sesión para repetir",
    message: "Inicia mi sesión para repetir este pedido de pizza.",
  },
  fullscreen: "Pantalla completa",
  inline: "Volver al chat",
  choose: (place) => `Hablar del pedido de ${place}`,
  chosen: "Pregunta en el chat por el pedido que has elegido.",
};

const ar: OrderWords = {
  lang: "ar",
  common: arabic,
  loading: "جارٍ جلب طلباتك…",
  cancelled: "لم تُجلب طلباتك",
  failed: "تعذر جلب طلباتك",
  empty: { title: "لا توجد طلبات بعد", text: "عندما تطلب بيتزا ستجدها هنا." },
  late: {
    title: "لم تصل طلباتك",
    message: "اعرض طلبات البيتزا السابقة مرة أخرى من فضلك.",
  },
  signIn: {
    title: "سجّل الدخول لعرض طلباتك",
    text: "طلباتك لك وحدك، فعلينا أن نعرف أنك أنت.",
    message: "سجّل دخولي واعرض طلبات البيتزا السابقة من فضلك.",
  },
  title: "طلبات البيتزا",
  count: (orders) => `عدد الطلبات: ${orders}`,
  part: (from, to, orders) => `الطلبات ${from}–${to} من ${orders}`,
  later: "طلبات أحدث",
  earlier: "طلبات أقدم",
  older: {
    label: "عرض طلبات أقدم",
    message: "اعرض طلبات البيتزا الأقدم.",
  },
  noDate: "بلا تاريخ",
  pizzeria: "مطعم بيتزا",
  status: { delivered: "تم التوصيل", preparing: "قيد التحضير", refunded: "أُعيد المبلغ" },
  reorder: "أعد الطلب",
  ordering: "جارٍ الطلب…",
  ordered: "طُلبت مجددًا",
  orderFailed: "لم ينجح ذلك.",
  signInToReorder: {
    label: "سجّل الدخول لإعادة الطلب",
    message: "سجّل دخولي من فضلك كي أطلب هذه البيتزا مرة أخرى.",
  },
  fullscreen: "ملء الشاشة",
  inline: "العودة إلى المحادثة",
  choose: (place) => `تحدّث عن الطلب من ${place}`,
  chosen: "اسأل في المحادثة عن الطلب الذي اخترته.",
};

/** The words of the orders in the host's language: English, Spanish or Arabic. */
export function useOrderWords(): OrderWords {
  return useWords<OrderWords>(en, es, ar);
}
