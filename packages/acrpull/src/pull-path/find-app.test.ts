import { expect, test } from 'vitest';
import { type Answers, fakeAzure } from '../../test/fake-azure.ts';
import { findApp } from './find-app.ts';

const group = (name: string) => `/subscriptions/s/resourceGroups/${name}`;
const site = (name: string) => `${group(name)}/providers/Microsoft.Web/sites/hoge-app`;
const find = (app: string, resourceGroup?: string, answers: Answers = []) =>
  findApp(fakeAzure(answers).resourceManager, { app, resourceGroup, subscriptionId: 's' });

test('an app that several groups have is not guessed', async () => {
  const value = ['blog', 'shop'].map((name) => ({ id: site(name), name: 'hoge-app' }));
  const answers: Answers = [[/resources\?/, { value }]];
  await expect(find('hoge-app', undefined, answers)).rejects.toMatchObject({
    message: `Several apps are called "hoge-app":\n  ${site('blog')}\n  ${site('shop')}`,
    next: 'give -g <group>',
  });
  expect(await find('hoge-app', 'shop', answers)).toBe(site('shop'));
});

test('a resource id is that of an app', async () => {
  expect(await find(site('blog'))).toBe(site('blog'));
  await expect(find(`${site('blog')}/slots/staging`)).rejects.toMatchObject({
    message: expect.stringContaining('is the id of a slot'),
    next: `give ${site('blog')}`,
  });
});

test.each([
  '/subscriptions/x',
  `${group('blog')}/providers/Microsoft.ContainerRegistry/registries/hoge`,
  `${site('blog')}/config/web`,
  `${site('blog')}?x=y`,
])('%s is no app', async (id) => {
  await expect(find(id)).rejects.toThrow('not the resource id of an app');
});

test.each(['bad group', 'blog/providers', 'blog?x', 'blog.', 'x'.repeat(91)])(
  'no group is called "%s"',
  async (name) => {
    await expect(find('hoge-app', name)).rejects.toThrow('is not the name of a resource group');
  },
);

test.each(['blog', 'my.group_(1)-x', 'グループ'])('a group may be called "%s"', async (name) => {
  expect(await find('hoge-app', name)).toContain(`/resourceGroups/${name}/`);
});
