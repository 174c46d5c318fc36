/** HTTP of the office: sign-in, the fleet, money. Every refusal becomes one sentence for the screen. */
import type {
  AllowWorkplace,
  AnswerInvitation,
  Arrivals,
  ArticlesFound,
  AttachStill,
  CallPapers,
  ClaimPayment,
  CloseItem,
  Colleagues,
  CollectionsAnswer,
  DeadMessages,
  DecideProposal,
  DocumentTaken,
  ErrorAnswer,
  FleetAnswer,
  HandOver,
  HoldRecording,
  Incidents,
  InviteParty,
  LeaveRoom,
  LiveCalls,
  MoneyItemsAnswer,
  OpenRecording,
  PaymentsAnswer,
  PortalFigures,
  ProposeMove,
  RecordingOpened,
  RecordingsAnswer,
  RecountCollection,
  ReprintSlip,
  Segment,
  SelfServiceAnswer,
  SetBackground,
  ShowArticle,
  ShowPaper,
  SignedIn,
  SignIn,
  SuperviseCall,
  TakeItem,
  WithdrawDecision,
  WorkplaceActs,
  WriteToColleague,
} from "./contract.gen";

const REQUEST_MS_MAX = 10_000;
const FILE_MS_MAX = 60_000; // a file goes up, and is drawn
const UNREACHABLE = "Сервер не отвечает. Проверьте сеть и попробуйте ещё раз.";

/** A refusal of the office, or its absence (`status` 0). `message` is a sentence in Russian. */
export class OfficeError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly word: string,
  ) {
    super(message);
  }
}

/** Opens the agent's cookie. */
export async function signIn(form: SignIn): Promise<SignedIn> {
  return (await request("POST", "/api/sign-in", form)) as SignedIn;
}

/** Ends the cookie; the office forgets the agent. */
export async function signOut(): Promise<void> {
  await request("POST", "/api/sign-out");
}

/** All terminals as the office sees them now. */
export async function fetchFleet(): Promise<FleetAnswer> {
  return (await request("GET", "/api/fleet/terminals")) as FleetAnswer;
}

/** What happened at terminals and nobody has taken yet; for who is no supervisor there is nothing. */
export async function fetchIncidents(): Promise<Incidents> {
  return await forSupervisors("/api/incidents", { incidents: [] });
}

async function forSupervisors<Answer>(path: string, nothing: Answer): Promise<Answer> {
  try {
    return (await request("GET", path)) as Answer;
  } catch (error) {
    if (error instanceof OfficeError && error.status === 403) return nothing;
    throw error;
  }
}

/** How customers get on without a consultant. */
export async function fetchSelfService(): Promise<SelfServiceAnswer> {
  return (await request("GET", "/api/quality/self-service")) as SelfServiceAnswer;
}

/** I look after it. */
export async function takeIncident(incidentId: string): Promise<void> {
  await request("POST", `/api/incidents/${encodeURIComponent(incidentId)}/take`);
}

/** Somebody was first: there is nothing left to look after. */
export function isTaken(error: unknown): boolean {
  return error instanceof OfficeError && error.word === "taken";
}

/** The ЛКК in the talks of the last days. */
export async function fetchPortalFigures(): Promise<PortalFigures> {
  return (await request("GET", "/api/quality/portal")) as PortalFigures;
}

/** A supervisor lets the agent of this page work with what has failed. */
export async function allowWorkplace(form: AllowWorkplace): Promise<void> {
  await request("POST", "/api/workplace/allow", form);
}

/** A supervisor has seen the logo behind the agent of this page. */
export async function setBackground(form: SetBackground): Promise<void> {
  await request("POST", "/api/workplace/background", form);
}

/** What supervisors decided of workplaces, newest first; for who is none there is nothing. */
export async function fetchWorkplaceActs(): Promise<WorkplaceActs> {
  return await forSupervisors("/api/workplace/acts", { acts: [] });
}

/** A file onto the customer's screen, drawn by the office into pages. */
export async function showDocument(callId: string, title: string, file: Blob): Promise<DocumentTaken> {
  const path = `/api/calls/${encodeURIComponent(callId)}/documents?title=${encodeURIComponent(title)}`;
  return (await request("POST", path, file)) as DocumentTaken;
}

/** Articles of the Справочник for this kind of customer; without words all of them. */
export async function findArticles(segment: Segment, query: string): Promise<ArticlesFound> {
  return (await request("GET", `/api/articles/${segment}?query=${encodeURIComponent(query)}`)) as ArticlesFound;
}

/** An article onto the customer's screen, as pages. */
export async function showArticle(callId: string, form: ShowArticle): Promise<DocumentTaken> {
  return (await request("POST", `/api/calls/${encodeURIComponent(callId)}/documents/article`, form)) as DocumentTaken;
}

/** Photos of the call's cases, and of the customer's open ones once he has named one. */
export async function fetchPapers(callId: string, number: string): Promise<CallPapers> {
  const path = `/api/calls/${encodeURIComponent(callId)}/papers?number=${encodeURIComponent(number)}`;
  return (await request("GET", path)) as CallPapers;
}

/** One of them onto the customer's screen. */
export async function showPaper(callId: string, form: ShowPaper): Promise<DocumentTaken> {
  return (await request("POST", `/api/calls/${encodeURIComponent(callId)}/documents/paper`, form)) as DocumentTaken;
}

/** A paper that the customer has shown, into the present case. */
export async function attachStill(form: AttachStill): Promise<void> {
  await request("POST", "/api/stills/attach", form);
}

/** Who came by booking and waits. */
export async function fetchArrivals(): Promise<Arrivals> {
  return (await request("GET", "/api/arrivals")) as Arrivals;
}

/** I ask this customer in. */
export async function takeArrival(bookingId: string): Promise<void> {
  await request("POST", `/api/arrivals/${encodeURIComponent(bookingId)}/take`);
}

/** Whose page is open now. */
export async function fetchColleagues(): Promise<Colleagues> {
  return (await request("GET", "/api/colleagues")) as Colleagues;
}

/** A note to one of them. */
export async function writeToColleague(form: WriteToColleague): Promise<void> {
  await request("POST", "/api/colleagues/write", form);
}

/** Messages that could not be delivered, newest first. */
export async function fetchDeadMessages(): Promise<DeadMessages> {
  return (await request("GET", "/api/messages/dead")) as DeadMessages;
}

/** Tries one for three days more. */
export async function sendMessageAgain(messageId: string): Promise<void> {
  await request("POST", `/api/messages/${encodeURIComponent(messageId)}/again`);
}

/** Recordings of calls, newest first. */
export async function fetchRecordings(): Promise<RecordingsAnswer> {
  return (await request("GET", "/api/recordings")) as RecordingsAnswer;
}

/** A viewing: kept with its reason. */
export async function openRecording(form: OpenRecording): Promise<RecordingOpened> {
  return (await request("POST", "/api/recordings/open", form)) as RecordingOpened;
}

/** Not destroyed at the end of its term, or let go again. */
export async function holdRecording(form: HoldRecording): Promise<void> {
  await request("POST", "/api/recordings/hold", form);
}

/** Payments that a query finds, newest first. */
export async function fetchPayments(query: string): Promise<PaymentsAnswer> {
  return (await request("GET", `/api/money/payments?${query}`)) as PaymentsAnswer;
}

/** What a person has to look at, or what is ended. */
export async function fetchMoneyItems(closed: boolean): Promise<MoneyItemsAnswer> {
  return (await request("GET", `/api/money/items${closed ? "?closed=1" : ""}`)) as MoneyItemsAnswer;
}

export async function fetchCollections(): Promise<CollectionsAnswer> {
  return (await request("GET", "/api/money/collections")) as CollectionsAnswer;
}

/** What people do with money; the office answers nothing, or refuses with a sentence. */
export interface MoneyActs {
  take: TakeItem;
  close: CloseItem;
  claim: ClaimPayment;
  reprint: ReprintSlip;
  propose: ProposeMove;
  decide: DecideProposal;
  withdraw: WithdrawDecision;
  recount: RecountCollection;
}

export async function actOnMoney<Act extends keyof MoneyActs>(act: Act, form: MoneyActs[Act]): Promise<void> {
  await request("POST", `/api/money/${act}`, form);
}

/** What people do with third parties of a call; the office answers nothing, or refuses with a sentence. */
export interface RoomActs {
  invite: InviteParty;
  answer: AnswerInvitation;
  leave: LeaveRoom;
  "hand-over": HandOver;
  supervise: SuperviseCall;
}

export async function actOnRoom<Act extends keyof RoomActs>(act: Act, form: RoomActs[Act]): Promise<void> {
  await request("POST", `/api/rooms/${act}`, form);
}

/** On the air now; for who is no supervisor there is nothing. */
export async function fetchLiveCalls(): Promise<LiveCalls> {
  return await forSupervisors("/api/rooms/live", { calls: [] });
}

/** Whether the cookie still opens the desk: a socket that is refused does not tell why. */
export async function isSignedIn(): Promise<boolean> {
  try {
    await request("GET", "/api/me");
    return true;
  } catch (error) {
    if (error instanceof OfficeError && error.status === 401) return false;
    throw error;
  }
}

async function request(method: "GET" | "POST", path: string, body?: unknown): Promise<unknown> {
  const answer = await answered(method, path, body);
  if (!answer.ok) throw await refusal(answer);
  const text = await answer.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new OfficeError("Сервер ответил неразборчиво. Сообщите администратору.", answer.status, "not_json");
  }
}

async function answered(method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(body instanceof Blob ? FILE_MS_MAX : REQUEST_MS_MAX),
      ...sent(body),
    });
  } catch {
    throw new OfficeError(UNREACHABLE, 0, "unreachable");
  }
}

function sent(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (body instanceof Blob) return { body };
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

async function refusal(answer: Response): Promise<OfficeError> {
  try {
    const { error, message } = (await answer.json()) as ErrorAnswer;
    if (typeof message === "string" && message !== "") return new OfficeError(message, answer.status, error);
  } catch {
    // a proxy's own page: the status says what there is to say
  }
  return new OfficeError(sentenceOf(answer.status), answer.status, "refused");
}

function sentenceOf(status: number): string {
  if (status === 401) return "Войдите, чтобы продолжить.";
  if (status === 403) return "Эта страница вам не открыта. Доступ выдаёт администратор.";
  if (status === 429) return "Слишком много попыток. Подождите минуту и попробуйте снова.";
  return status >= 500 ? UNREACHABLE : "Сервер отклонил запрос.";
}
