import { type Ask, type CommonWords, ENGLISH, useWords, type Words } from "mcp-app/ui";
import { arabic, spanish } from "./common_words.ts";

/** What the search says. */
interface PlaceWords extends Words {
  readonly lang: string;
  readonly common: CommonWords;
  readonly title: string;
  readonly places: string;
  count(places: number): string;
  readonly with: string;
  readonly noneHas: string;
  readonly allOfThem: string;
  readonly previous: string;
  readonly next: string;
  readonly signInForMore: Ask;
  readonly pizzeria: string;
  readonly orderedBefore: string;
  readonly rated: string;
  readonly toppings: string;
  readonly asSearched: string;
  map(place: string): string;
}

const en: PlaceWords = {
  lang: "en",
  common: ENGLISH,
  loading: "Looking for pizza…",
  cancelled: "The search was cancelled",
  failed: "The search did not work",
  empty: {
    title: "No pizza places found",
    text: "Try another topping, or ask for every place in San Francisco.",
  },
  late: {
    title: "The pizza places have not arrived",
    message: "Please search for these pizza places again.",
    hint: "Ask in the chat to search again.",
  },
  signIn: {
    title: "Sign in to search",
    text: "This search is for people who are signed in.",
    message: "Please sign me in and search for pizza places again.",
    hint: "Ask in the chat to search again; it will offer to sign you in.",
  },
  title: "Pizza in San Francisco",
  places: "Pizza places",
  count: (places) => places === 1 ? "1 place" : `${places} places`,
  with: " with ",
  noneHas: ": none has ",
  allOfThem: ", so here are all of them",
  previous: "Previous places",
  next: "Next places",
  signInForMore: {
    label: "Sign in to see where you ordered before",
    message: "Please sign me in, so that I can see where I ordered pizza before.",
    hint: "Ask in the chat for your past orders to sign in and see where you ordered before.",
  },
  pizzeria: "A pizzeria",
  orderedBefore: "You ordered here",
  rated: "Rated",
  toppings: "Toppings",
  asSearched: ", as searched",
  map: (place) => `Map of ${place}, in a new window`,
};

const es: PlaceWords = {
  lang: "es",
  common: spanish,
  loading: "Buscando pizza…",
  cancelled: "Se ha cancelado la búsqueda",
  failed: "La búsqueda no ha funcionado",
  empty: {
    title: "No se han encontrado pizzerías",
    text: "Prueba con otro ingrediente, o pide todas las de San Francisco.",
  },
  late: {
    title: "Las pizzerías no han llegado",
    message: "Busca otra vez estas pizzerías.",
  },
  signIn: {
    title: "Inicia sesión para buscar",
    text: "Esta búsqueda es para quienes han iniciado sesión.",
    message: "Inicia mi sesión y busca otra vez pizzerías.",
  },
  title: "Pizza en San Francisco",
  places: "Pizzerías",
  count: (places) => places === 1 ? "1 pizzería" : `${places} pizzerías`,
  with: " con ",
  noneHas: ": ninguna tiene ",
  allOfThem: ", así que aquí están todas",
  previous: "Pizzerías anteriores",
  next: "Pizzerías siguientes",
  signInForMore: {
    label: "Inicia sesión para ver dónde pediste antes",
    message: "Inicia mi sesión para que vea dónde pedí pizza antes.",
  },
  pizzeria: "Una pizzería",
  orderedBefore: "Ya pediste aquí",
  rated: "Valoración:",
  toppings: "Ingredientes",
  asSearched: ", lo que buscabas",
  map: (place) => `Mapa de ${place}, en una ventana nueva`,
};

const ar: PlaceWords = {
  lang: "ar",
  common: arabic,
  loading: "جارٍ البحث عن بيتزا…",
  cancelled: "أُلغي البحث",
  failed: "لم ينجح البحث",
  empty: {
    title: "لم يُعثر على مطاعم بيتزا",
    text: "جرّب إضافة أخرى، أو اسأل عن كل المطاعم في سان فرانسيسكو.",
  },
  late: {
    title: "لم تصل مطاعم البيتزا",
    message: "ابحث عن مطاعم البيتزا هذه مرة أخرى من فضلك.",
  },
  signIn: {
    title: "سجّل الدخول للبحث",
    text: "هذا البحث لمن سجّلوا الدخول.",
    message: "سجّل دخولي وابحث عن مطاعم البيتزا مرة أخرى من فضلك.",
  },
  title: "بيتزا في سان فرانسيسكو",
  places: "مطاعم البيتزا",
  count: (places) => `عدد المطاعم: ${places}`,
  with: "، فيها ",
  noneHas: "، وليس في أي منها ",
  allOfThem: "، فهذه كلها",
  previous: "المطاعم السابقة",
  next: "المطاعم التالية",
  signInForMore: {
    label: "سجّل الدخول لترى أين طلبت من قبل",
    message: "سجّل دخولي من فضلك كي أرى أين طلبت البيتزا من قبل.",
  },
  pizzeria: "مطعم بيتزا",
  orderedBefore: "طلبت من هنا",
  rated: "التقييم:",
  toppings: "الإضافات",
  asSearched: "، كما بحثت",
  map: (place) => `خريطة ${place} في نافذة جديدة`,
};

/** The words of the search in the host's language: English, Spanish or Arabic. */
export function usePlaceWords(): PlaceWords {
  return useWords<PlaceWords>(en, es, ar);
}
