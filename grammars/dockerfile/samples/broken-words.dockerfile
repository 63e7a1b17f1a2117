FROM node:22 AS
RUN npm ci
COPY
ENTRYPOINT ["node", "server.js"
FROMM alpine
