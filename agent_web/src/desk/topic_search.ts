/** Search in the classifier by the beginnings of words. Pure. */
import type { Topic } from "../contract.gen";

export interface TopicGroup {
  title: string;
  topics: readonly Topic[];
}

/** Topics whose words begin with every typed word, in the classifier's order, under their groups. */
export function searchTopics(topics: readonly Topic[], typed: string): TopicGroup[] {
  const wanted = wordsOf(typed);
  const groups = new Map<string, Topic[]>();
  for (const topic of topics) {
    if (!matches(topic, wanted)) continue;
    const group = groups.get(topic.group_title);
    if (group) group.push(topic);
    else groups.set(topic.group_title, [topic]);
  }
  return [...groups].map(([title, found]) => ({ title, topics: found }));
}

/** The leaf whose title the customer already chose on the terminal, if it is one. */
export function topicByTitle(topics: readonly Topic[], title: string): Topic | undefined {
  const wanted = fold(title).trim();
  return wanted === "" ? undefined : topics.find((topic) => fold(topic.title) === wanted);
}

function matches(topic: Topic, wanted: readonly string[]): boolean {
  const words = wordsOf(`${topic.title} ${topic.group_title}`);
  return wanted.every((part) => words.some((word) => word.startsWith(part)));
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

function fold(text: string): string {
  return text.toLocaleLowerCase("ru").replaceAll("ё", "е");
}
