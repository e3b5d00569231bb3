/** What things are called in the story, after the article that this project starts from. */
export const names = {
  group: 'blog',
  location: 'japaneast',
  registry: 'hoge',
  plan: 'hoge-plan',
  app: 'hoge-app',
  slot: 'staging',
  image: { host: 'hoge.azurecr.io', repository: 'hello', tag: '0.1.0' },
} as const;
