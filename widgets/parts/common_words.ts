import type { CommonWords } from "mcp-app/ui";

/** What every widget says, in Spanish. */
export const spanish: CommonWords = {
  tryAgain: "Intentar de nuevo",
  askAgain: "Preguntar otra vez",
  late: "Va despacio, o se perdió al recargar la página.",
  unchanged: "No se ha cambiado nada.",
  noReason: "El servidor no ha dado ningún motivo.",
  signIn: "Iniciar sesión",
  asked: "Se ha pedido en el chat.",
  say: "Di en el chat: ",
};

/** What every widget says, in Arabic. */
export const arabic: CommonWords = {
  tryAgain: "حاول مرة أخرى",
  askAgain: "اطلب مرة أخرى",
  late: "الأمر بطيء، أو ضاع عند إعادة تحميل الصفحة.",
  unchanged: "لم يتغير شيء.",
  noReason: "لم يذكر الخادم أي سبب.",
  signIn: "تسجيل الدخول",
  asked: "طُلب ذلك في المحادثة.",
  say: "قل في المحادثة: ",
};
