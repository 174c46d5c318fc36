/** Script and algorithm of the chosen topic: what to say, what to do (clause 3). Pure. */
import type { TopicGuide } from "../contract.gen";

export interface Step {
  words: string;
  done: boolean;
}

const NO_GUIDE: TopicGuide = { topic_id: "", say: [], steps: [] }; // of an office without guides

/** That of the topic; without a topic, or of one that has none, what holds for every talk. */
export function guideOf(guides: readonly TopicGuide[], topicId: string | null): TopicGuide {
  const of = (id: string | null): TopicGuide | undefined => guides.find((each) => each.topic_id === id);
  return of(topicId) ?? of("") ?? NO_GUIDE;
}

/** A step stays done when the topic changes and the new one has it too. */
export function stepsOf(guide: TopicGuide, ticked: readonly string[]): Step[] {
  return guide.steps.map((words) => ({ words, done: ticked.includes(words) }));
}

/** What is ticked after a touch of one step. */
export function toggled(ticked: readonly string[], words: string): string[] {
  return ticked.includes(words) ? ticked.filter((each) => each !== words) : [...ticked, words];
}
